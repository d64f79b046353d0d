package kafka

import (
	"context"
	"regexp"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/kversion"
)

// releasePattern finds a release in the guesser's words: "v4.4", "at least v4.4", "between v3.9 and v4.0". The first
// one named is the lower bound.
var releasePattern = regexp.MustCompile(`v(\d+)\.(\d+)`)

// brokerVersion is the release of one broker, told by the requests it knows, for the protocol carries no release;
// empty when they fit none.
func (c *Client) brokerVersion(ctx context.Context, id int64) string {
	req := kmsg.NewPtrApiVersionsRequest()
	req.ClientSoftwareName = defaultClientID // brokers refuse a request without both
	req.ClientSoftwareVersion = "1"
	answer, err := ask[*kmsg.ApiVersionsResponse](ctx, c.broker(id), req)
	if err != nil || answer.ErrorCode != 0 {
		return ""
	}
	return release(kversion.FromApiVersionsResponse(answer).VersionGuess())
}

func release(guess string) string {
	if strings.HasPrefix(guess, "not even") {
		return ""
	}
	found := releasePattern.FindStringSubmatch(guess)
	if found == nil {
		return ""
	}
	return found[1] + "." + found[2]
}

// lowestVersion is the release whose rules hold on every broker. A broker that was asked and could not be told apart
// leaves it open: it may be the oldest.
func lowestVersion(facts []brokerFacts) string {
	lowest := ""
	for _, f := range facts {
		switch {
		case !f.asked:
		case f.version == "":
			return ""
		case lowest == "" || older(f.version, lowest):
			lowest = f.version
		}
	}
	return lowest
}

func older(a, b string) bool {
	aMajor, aMinor := numbers(a)
	bMajor, bMinor := numbers(b)
	return aMajor < bMajor || aMajor == bMajor && aMinor < bMinor
}

func numbers(version string) (major, minor int) {
	first, second, _ := strings.Cut(version, ".")
	major, _ = strconv.Atoi(first) // release made both of digits
	minor, _ = strconv.Atoi(second)
	return major, minor
}
