import java.io.FileReader;
import java.time.Duration;
import java.util.List;
import java.util.Properties;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;

/**
 * Real client applications for tests, run from source: java -cp bin/kafka-apps/VERSION/* Apps.java COMMAND FILE ARGS...
 * FILE holds the client's properties. What the harness waits for goes to the standard output.
 */
public final class Apps {
    public static void main(String[] args) throws Exception {
        Properties properties = new Properties();
        try (FileReader file = new FileReader(args[1])) {
            properties.load(file);
        }
        List<String> rest = List.of(args).subList(2, args.length);
        switch (args[0]) {
            case "streams" -> streams(properties, rest.get(0), rest.get(1));
            case "produce" -> produce(properties, rest.get(0), rest.subList(1, rest.size()));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    /** Counts values: a change of key makes a repartition topic, the counts a changelog. Nothing is named, as in most applications. */
    private static void streams(Properties properties, String input, String output) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.<String, String>stream(input)
            .map((key, value) -> KeyValue.pair(value, value))
            .groupByKey()
            .count(Materialized.with(Serdes.String(), Serdes.Long()))
            .toStream()
            .to(output, Produced.with(Serdes.String(), Serdes.Long()));
        KafkaStreams app = new KafkaStreams(builder.build(), new StreamsConfig(properties));
        app.setStateListener((now, before) -> System.out.println("STATE " + now));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> app.close(Duration.ofSeconds(10))));
        app.start();
    }

    /** Writes values without asking whether the topic is there, as every producer does. */
    private static void produce(Properties properties, String topic, List<String> values) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            for (String value : values) {
                producer.send(new ProducerRecord<>(topic, value)).get();
            }
        }
        System.out.println("PRODUCED");
    }
}
