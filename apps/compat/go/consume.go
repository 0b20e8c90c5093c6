package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

type consumeRequest struct {
	topicPartition
	From struct {
		Offset    *int64 `json:"offset"`
		Timestamp int64  `json:"timestamp"`
	} `json:"from"`
	Count     int   `json:"count"`
	TimeoutMs int64 `json:"timeoutMs"`
}

// consume reads one partition without a group.
func (a *agent) consume(r consumeRequest) ([]*kgo.Record, error) {
	from := kgo.NewOffset().AfterMilli(r.From.Timestamp)
	if r.From.Offset != nil {
		from = kgo.NewOffset().At(*r.From.Offset)
	}
	client, err := a.client(
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{r.Topic: {r.Partition: from}}),
		// An offset that is not there is a failure to report, not a reason to read elsewhere.
		kgo.ConsumeResetOffset(kgo.NoResetOffset()),
		kgo.FetchMaxWait(fetchWait),
	)
	if err != nil {
		return nil, err
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(r.TimeoutMs)*time.Millisecond)
	defer cancel()
	records := make([]*kgo.Record, 0, r.Count)
	for len(records) < r.Count {
		fetched := client.PollRecords(ctx, r.Count-len(records))
		records = append(records, fetched.Records()...)
		if err := fetchError(fetched); err != nil {
			return nil, err
		}
		if ctx.Err() != nil && len(records) < r.Count {
			return nil, fmt.Errorf("only %d of %d records came within %d ms: %w", len(records), r.Count, r.TimeoutMs, ctx.Err())
		}
	}
	return records, nil
}

// fetchError is the first failure of a poll other than that its time was over.
func fetchError(fetched kgo.Fetches) error {
	for _, one := range fetched.Errors() {
		if !errors.Is(one.Err, context.DeadlineExceeded) {
			return one.Err
		}
	}
	return nil
}
