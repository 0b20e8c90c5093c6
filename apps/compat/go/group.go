package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// member is a member of a consumer group. The library rebalances in the background.
type member struct {
	client *kgo.Client

	mu    sync.Mutex
	owned map[topicPartition]bool
}

type subscribeRequest struct {
	GroupID             string   `json:"groupId"`
	Topics              []string `json:"topics"`
	SessionTimeoutMs    int64    `json:"sessionTimeoutMs"`
	HeartbeatIntervalMs int64    `json:"heartbeatIntervalMs"`
}

var errNoGroup = errors.New("no group was subscribed to")

func (a *agent) subscribe(r subscribeRequest) (any, error) {
	if a.member != nil {
		return nil, errors.New("the member must leave its group first")
	}
	m := &member{owned: map[topicPartition]bool{}}
	client, err := a.client(
		kgo.ConsumerGroup(r.GroupID),
		kgo.ConsumeTopics(r.Topics...),
		kgo.SessionTimeout(time.Duration(r.SessionTimeoutMs)*time.Millisecond),
		kgo.HeartbeatInterval(time.Duration(r.HeartbeatIntervalMs)*time.Millisecond),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchMaxWait(fetchWait),
		kgo.DisableAutoCommit(),
		kgo.OnPartitionsAssigned(m.own(true)),
		kgo.OnPartitionsRevoked(m.own(false)),
		kgo.OnPartitionsLost(m.own(false)),
	)
	if err != nil {
		return nil, err
	}
	m.client = client
	a.member = m
	return nil, nil
}

// own notes which partitions have come or gone.
func (m *member) own(comes bool) func(context.Context, *kgo.Client, map[string][]int32) {
	return func(_ context.Context, _ *kgo.Client, partitions map[string][]int32) {
		m.mu.Lock()
		defer m.mu.Unlock()
		for topic, numbers := range partitions {
			for _, number := range numbers {
				if comes {
					m.owned[topicPartition{topic, number}] = true
				} else {
					delete(m.owned, topicPartition{topic, number})
				}
			}
		}
	}
}

type pollRequest struct {
	MaxRecords int   `json:"maxRecords"`
	TimeoutMs  int64 `json:"timeoutMs"`
}

func (a *agent) poll(r pollRequest) ([]*kgo.Record, []topicPartition, error) {
	if a.member == nil {
		return nil, nil, errNoGroup
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(r.TimeoutMs)*time.Millisecond)
	defer cancel()
	fetched := a.member.client.PollRecords(ctx, r.MaxRecords)
	if err := fetchError(fetched); err != nil {
		return nil, nil, err
	}
	a.member.mu.Lock()
	defer a.member.mu.Unlock()
	assignment := make([]topicPartition, 0, len(a.member.owned))
	for partition := range a.member.owned {
		assignment = append(assignment, partition)
	}
	return fetched.Records(), assignment, nil
}

type commitRequest struct {
	Offsets []partitionOffset `json:"offsets"`
}

func (a *agent) commit(ctx context.Context, r commitRequest) error {
	if a.member == nil {
		return errNoGroup
	}
	offsets := map[string]map[int32]kgo.EpochOffset{}
	for _, row := range r.Offsets {
		if offsets[row.Topic] == nil {
			offsets[row.Topic] = map[int32]kgo.EpochOffset{}
		}
		offsets[row.Topic][row.Partition] = kgo.EpochOffset{Epoch: -1, Offset: row.Offset}
	}
	var failed error
	a.member.client.CommitOffsetsSync(ctx, offsets, func(_ *kgo.Client, _ *kmsg.OffsetCommitRequest, answer *kmsg.OffsetCommitResponse, err error) {
		failed = err
		if err != nil {
			return
		}
		for _, topic := range answer.Topics {
			for _, partition := range topic.Partitions {
				failed = errors.Join(failed, kerr.ErrorForCode(partition.ErrorCode))
			}
		}
	})
	return failed
}

func (a *agent) leave(ctx context.Context) error {
	if a.member == nil {
		return errNoGroup
	}
	leaving := a.member
	a.member = nil
	defer leaving.client.Close()
	return leaving.client.LeaveGroupContext(ctx)
}
