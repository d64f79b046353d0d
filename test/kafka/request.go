package kafkatest

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"
)

var errFrame = errors.New("not a Kafka request")

// parseRequest reads a request frame without its size: key, version, correlation ID, client ID, body.
func parseRequest(frame []byte) (request Request, mutates bool, err error) {
	const header = 10 // int16 key, int16 version, int32 correlation ID, int16 length of the client ID
	if len(frame) < header {
		return Request{}, false, errFrame
	}
	request.Key = int16(binary.BigEndian.Uint16(frame))
	request.Version = int16(binary.BigEndian.Uint16(frame[2:]))
	request.Name = kmsg.NameForKey(request.Key)
	clientID := int(int16(binary.BigEndian.Uint16(frame[8:])))
	body := frame[header:]
	if clientID > len(body) {
		return Request{}, false, errFrame
	}
	if clientID > 0 {
		request.ClientID = string(body[:clientID])
		body = body[clientID:]
	}
	mutates = !isQuestion(request.Key)
	if decoded := decodeBody(request, body); decoded != nil {
		mutates = request.describe(decoded)
	}
	return request, mutates, nil
}

// decodeBody returns nil for requests whose content does not matter here, and for what kmsg cannot read.
func decodeBody(request Request, body []byte) kmsg.Request {
	if !slices.Contains([]kmsg.Key{
		kmsg.Metadata, kmsg.CreateTopics, kmsg.DeleteTopics, kmsg.CreatePartitions, kmsg.AlterConfigs,
		kmsg.IncrementalAlterConfigs, kmsg.AlterPartitionAssignments,
	}, kmsg.Key(request.Key)) {
		return nil
	}
	decoded := kmsg.RequestForKey(request.Key)
	decoded.SetVersion(request.Version)
	if decoded.IsFlexible() {
		// A flexible header ends with tagged fields; clients send none, which is one zero byte.
		if len(body) == 0 || body[0] != 0 {
			return nil
		}
		body = body[1:]
	}
	if decoded.ReadFrom(body) != nil {
		return nil
	}
	return decoded
}

// describe fills in what the body says, and answers whether the request changes anything.
func (r *Request) describe(body kmsg.Request) (mutates bool) {
	switch body := body.(type) {
	case *kmsg.MetadataRequest:
		return r.describeMetadata(body)
	case *kmsg.CreateTopicsRequest:
		r.ValidateOnly = body.ValidateOnly
		r.Names = names(body.Topics, func(t kmsg.CreateTopicsRequestTopic) string { return t.Topic })
	case *kmsg.DeleteTopicsRequest:
		r.Names = slices.Concat(body.TopicNames, names(body.Topics, deletedTopic))
	case *kmsg.CreatePartitionsRequest:
		r.ValidateOnly = body.ValidateOnly
		r.Names = names(body.Topics, func(t kmsg.CreatePartitionsRequestTopic) string { return t.Topic })
	case *kmsg.AlterConfigsRequest:
		r.ValidateOnly = body.ValidateOnly
		r.Names = names(body.Resources, func(t kmsg.AlterConfigsRequestResource) string { return t.ResourceName })
	case *kmsg.IncrementalAlterConfigsRequest:
		r.ValidateOnly = body.ValidateOnly
		r.Names = names(body.Resources, func(t kmsg.IncrementalAlterConfigsRequestResource) string { return t.ResourceName })
	case *kmsg.AlterPartitionAssignmentsRequest:
		r.Names = names(body.Topics, func(t kmsg.AlterPartitionAssignmentsRequestTopic) string { return t.Topic })
	}
	r.Topics = len(r.Names)
	return !isQuestion(r.Key) && !r.ValidateOnly
}

// describeMetadata: a question that names topics and allows their creation creates them where the broker lets it.
func (r *Request) describeMetadata(body *kmsg.MetadataRequest) (mutates bool) {
	const firstToAsk = 4 // before version 4 a request could not forbid it
	r.Names = names(body.Topics, func(t kmsg.MetadataRequestTopic) string {
		if t.Topic == nil {
			return hex.EncodeToString(t.TopicID[:])
		}
		return *t.Topic
	})
	r.Topics = len(r.Names)
	return r.Topics > 0 && (body.AllowAutoTopicCreation || r.Version < firstToAsk)
}

func deletedTopic(t kmsg.DeleteTopicsRequestTopic) string {
	if t.Topic == nil {
		return hex.EncodeToString(t.TopicID[:])
	}
	return *t.Topic
}

func names[T any](items []T, name func(T) string) []string {
	out := make([]string, len(items))
	for i, item := range items {
		out[i] = name(item)
	}
	return out
}
