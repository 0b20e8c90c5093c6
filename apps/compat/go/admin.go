package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

type administrator struct {
	client *kgo.Client
	*kadm.Client
}

// adminRequest has the fields of all operations that the administrator answers.
type adminRequest struct {
	topicPartition
	GroupID           string             `json:"groupId"`
	Partitions        int32              `json:"partitions"`
	ReplicationFactor int16              `json:"replicationFactor"`
	Configs           map[string]*string `json:"configs"`
	At                any                `json:"at"`
	Resource          string             `json:"resource"`
	Name              string             `json:"name"`
	Set               map[string]string  `json:"set"`
	Unset             []string           `json:"unset"`
}

func (a *agent) administer(ctx context.Context, op string, line []byte) (any, error) {
	if a.admin == nil {
		client, err := a.client()
		if err != nil {
			return nil, err
		}
		a.admin = &administrator{client, kadm.NewClient(client)}
	}
	operations := map[string]func(context.Context, adminRequest) (any, error){
		"committed":        a.admin.committed,
		"describeGroup":    a.admin.describeGroup,
		"listOffsets":      a.admin.listOffsets,
		"createTopic":      a.admin.createTopic,
		"createPartitions": a.admin.createPartitions,
		"deleteTopic":      a.admin.deleteTopic,
		"partitionCount":   a.admin.partitionCount,
		"describeConfigs":  a.admin.describeConfigs,
		"alterConfigs":     a.admin.alterConfigs,
	}
	operation, ok := operations[op]
	if !ok {
		return nil, fmt.Errorf("there is no operation %s", op)
	}
	return with(line, func(r adminRequest) (any, error) { return operation(ctx, r) })
}

func (a *administrator) committed(ctx context.Context, r adminRequest) (any, error) {
	answers, err := a.FetchOffsets(ctx, r.GroupID)
	if err != nil {
		return nil, err
	}
	offsets := []partitionOffset{}
	for partition, answer := range answers[r.Topic] {
		if answer.Err != nil {
			return nil, answer.Err
		}
		if answer.At >= 0 {
			offsets = append(offsets, partitionOffset{topicPartition{r.Topic, partition}, answer.At})
		}
	}
	return map[string]any{"offsets": offsets}, nil
}

func (a *administrator) describeGroup(ctx context.Context, r adminRequest) (any, error) {
	groups, err := a.DescribeGroups(ctx, r.GroupID)
	if err != nil {
		return nil, err
	}
	group := groups[r.GroupID]
	if group.Err != nil {
		return nil, group.Err
	}
	members := []any{}
	for _, one := range group.Members {
		partitions := []topicPartition{}
		if assigned, ok := one.Assigned.AsConsumer(); ok {
			for _, topic := range assigned.Topics {
				for _, partition := range topic.Partitions {
					partitions = append(partitions, topicPartition{topic.Topic, partition})
				}
			}
		}
		members = append(members, map[string]any{"partitions": partitions})
	}
	return map[string]any{"state": group.State, "members": members}, nil
}

// listOffsets puts the request itself: the administrator's own ListOffsetsAfterMilli says the end where the broker says
// that there is no such record.
func (a *administrator) listOffsets(ctx context.Context, r adminRequest) (any, error) {
	partition := kmsg.NewListOffsetsRequestTopicPartition()
	partition.Partition = r.Partition
	switch at := r.At.(type) {
	case string:
		partition.Timestamp = map[string]int64{"earliest": -2, "latest": -1}[at]
	case map[string]any:
		partition.Timestamp = int64(at["timestamp"].(float64))
	}
	topic := kmsg.NewListOffsetsRequestTopic()
	topic.Topic = r.Topic
	topic.Partitions = append(topic.Partitions, partition)
	request := kmsg.NewPtrListOffsetsRequest()
	request.Topics = append(request.Topics, topic)
	answer, err := request.RequestWith(ctx, a.client)
	if err != nil {
		return nil, err
	}
	row := answer.Topics[0].Partitions[0]
	return map[string]any{"offset": row.Offset}, kerr.ErrorForCode(row.ErrorCode)
}

func (a *administrator) createTopic(ctx context.Context, r adminRequest) (any, error) {
	answer, err := a.CreateTopic(ctx, r.Partitions, r.ReplicationFactor, r.Configs, r.Topic)
	return nil, refused(err, answer.ErrMessage)
}

func (a *administrator) createPartitions(ctx context.Context, r adminRequest) (any, error) {
	answers, err := a.UpdatePartitions(ctx, int(r.Partitions), r.Topic)
	if err != nil {
		return nil, err
	}
	answer := answers[r.Topic]
	return nil, refused(answer.Err, answer.ErrMessage)
}

func (a *administrator) deleteTopic(ctx context.Context, r adminRequest) (any, error) {
	answer, err := a.DeleteTopic(ctx, r.Topic)
	return nil, refused(err, answer.ErrMessage)
}

// partitionCount puts the request itself: the administrator may answer from what it has read before.
func (a *administrator) partitionCount(ctx context.Context, r adminRequest) (any, error) {
	topic := kmsg.NewMetadataRequestTopic()
	topic.Topic = &r.Topic
	request := kmsg.NewPtrMetadataRequest()
	request.Topics = append(request.Topics, topic)
	answer, err := request.RequestWith(ctx, a.client)
	if err != nil {
		return nil, err
	}
	known := answer.Topics[0]
	if err := kerr.ErrorForCode(known.ErrorCode); err != nil && !errors.Is(err, kerr.UnknownTopicOrPartition) {
		return nil, err
	}
	return map[string]any{"partitions": len(known.Partitions)}, nil
}

func (a *administrator) describeConfigs(ctx context.Context, r adminRequest) (any, error) {
	resources, err := a.describeResource(ctx, r)
	if err != nil {
		return nil, err
	}
	resource, err := resources.On(r.Name, nil)
	if err != nil {
		return nil, err
	}
	configs := map[string]*string{}
	for _, config := range resource.Configs {
		configs[config.Key] = config.Value
	}
	return map[string]any{"configs": configs}, refused(resource.Err, resource.ErrMessage)
}

func (a *administrator) describeResource(ctx context.Context, r adminRequest) (kadm.ResourceConfigs, error) {
	if r.Resource == "topic" {
		return a.DescribeTopicConfigs(ctx, r.Name)
	}
	broker, err := strconv.ParseInt(r.Name, 10, 32)
	if err != nil {
		return nil, err
	}
	return a.DescribeBrokerConfigs(ctx, int32(broker))
}

func (a *administrator) alterConfigs(ctx context.Context, r adminRequest) (any, error) {
	changes := []kadm.AlterConfig{}
	for name, value := range r.Set {
		changes = append(changes, kadm.AlterConfig{Op: kadm.SetConfig, Name: name, Value: &value})
	}
	for _, name := range r.Unset {
		changes = append(changes, kadm.AlterConfig{Op: kadm.DeleteConfig, Name: name})
	}
	answers, err := a.AlterTopicConfigs(ctx, changes, r.Topic)
	if err != nil {
		return nil, err
	}
	answer, err := answers.On(r.Topic, nil)
	if err != nil {
		return nil, err
	}
	return nil, refused(answer.Err, answer.ErrMessage)
}
