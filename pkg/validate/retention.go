package validate

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/topicgate/topicgate/pkg/topic"
)

const (
	retentionTime  = "retention.ms"
	retentionBytes = "retention.bytes"
	segmentTime    = "segment.ms"
	cleanupPolicy  = "cleanup.policy"
)

// retentionCut: brokers apply a shorter retention within minutes to what is there already, and nothing brings it back.
func retentionCut(in Input) finding {
	if in.Old == nil || in.New.Recorded.TopicID == "" || !deletes(in.canonical(cleanupPolicy)) {
		return finding{}
	}
	var found finding
	for _, key := range []string{retentionTime, retentionBytes} {
		was, knewOld := in.numberOf(*in.Old, key)
		will, knowsNew := in.number(key)
		if !knewOld || !knowsNew || !cut(was, will) || in.spares(key, will) {
			continue
		}
		found.warnings = append(found.warnings, topic.Violation{
			Field: topic.ConfigField(key), Reason: topic.RetentionCut, Value: strconv.FormatInt(will, 10), Source: "TopicGate",
			Problem: "deletes records that exist now" + in.atMost() + "; it was " + strconv.FormatInt(was, 10),
			Fix:     "keep " + strconv.FormatInt(was, 10) + ", unless those records may go",
		})
	}
	return found
}

func deletes(policy string) bool { return strings.Contains(policy, "delete") }

// cut says whether a limit became tighter; a negative one is none.
func cut(was, will int64) bool { return will >= 0 && (was < 0 || will < was) }

// spares says that the new limit reaches nothing of what was measured: no record is that old, or there is no more than that.
func (in Input) spares(key string, limit int64) bool {
	live := in.Facts.Live
	switch {
	case live == nil || in.stale():
		return false
	case live.Bytes != nil && *live.Bytes == 0:
		return true
	case key == retentionTime:
		longest := limit >= int64(maxDuration/time.Millisecond)
		return !live.OldestRecord.IsZero() && (longest || live.OldestRecord.Add(time.Duration(limit)*time.Millisecond).After(in.Facts.Now))
	default:
		return live.Bytes != nil && *live.Bytes <= limit // per partition, so the whole topic is within it too
	}
}

const maxDuration = time.Duration(1<<63 - 1)

// atMost is an upper bound of what can go, as far as it was measured.
func (in Input) atMost() string {
	live := in.Facts.Live
	if live == nil || live.Bytes == nil {
		return " (how much was not measured)"
	}
	text := " (the topic holds at most " + inBytes(*live.Bytes)
	if !live.OldestRecord.IsZero() {
		text += ", its oldest record is of " + live.OldestRecord.UTC().Format(time.DateOnly)
	}
	return text + ")"
}

// inBytes is a size in its largest unit, rounded up.
func inBytes(size int64) string {
	units := []string{"bytes", "KiB", "MiB", "GiB", "TiB", "PiB"}
	unit := 0
	for ; size >= 1024 && unit < len(units)-1; unit++ {
		size = size/1024 + min(size%1024, 1)
	}
	return fmt.Sprintf("%d %s", size, units[unit])
}

// cleanupChange: from delete to compact, records without a key are refused from then on, and old values of a key go; from
// compact to delete, the last value of a key goes once it is old.
func cleanupChange(in Input) finding {
	if in.Old == nil || in.New.Recorded.TopicID == "" {
		return finding{}
	}
	was, will := in.canonicalOf(*in.Old, cleanupPolicy), in.canonical(cleanupPolicy)
	advice := topic.Violation{
		Field: topic.ConfigField(cleanupPolicy), Reason: topic.CleanupPolicyChanged, Value: strconv.Quote(will), Source: "TopicGate",
		Fix: "keep " + strconv.Quote(was) + ", unless its readers and writers know",
	}
	switch {
	case was == "" || will == "":
		return finding{}
	case compacts(will) && !compacts(was):
		advice.Problem = "records without a key are refused from now on, and of records with one only the last is kept"
	case deletes(will) && !deletes(was):
		advice.Problem = "records are deleted by age and size from now on, the last one of a key too" + in.atMost()
	default:
		return finding{}
	}
	return warn(advice)
}

func compacts(policy string) bool { return strings.Contains(policy, "compact") }

// segmentOutlivesRetention: brokers delete whole segments, and the one that is written to ends by age or size only.
func segmentOutlivesRetention(in Input) finding {
	if _, set := in.New.Config[segmentTime]; !set || !deletes(in.canonical(cleanupPolicy)) {
		return finding{}
	}
	segment, knowsSegment := in.number(segmentTime)
	retention, knowsRetention := in.number(retentionTime)
	if !knowsSegment || !knowsRetention || retention < 0 || segment <= retention {
		return finding{}
	}
	return warn(topic.Violation{
		Field: topic.ConfigField(segmentTime), Reason: topic.SegmentOutlivesRetention, Value: strconv.FormatInt(segment, 10), Source: "TopicGate",
		Problem: fmt.Sprintf("longer than %s (%d): records go with their whole segment, so they stay for up to both together", retentionTime, retention),
		Fix:     fmt.Sprintf("set %s to %d or less", segmentTime, max(retention, 1)),
	})
}
