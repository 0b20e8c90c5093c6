package main

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// header is a pair of a name and a value that may be null.
type header struct {
	name  string
	value *string
}

func (h *header) UnmarshalJSON(data []byte) error {
	var pair []*string
	if err := json.Unmarshal(data, &pair); err != nil {
		return err
	}
	if len(pair) != 2 || pair[0] == nil {
		return fmt.Errorf("a header is a name and a value, not %s", data)
	}
	h.name, h.value = *pair[0], pair[1]
	return nil
}

func (h header) MarshalJSON() ([]byte, error) {
	return json.Marshal([]any{h.name, h.value})
}

type recordToWrite struct {
	Key       *string  `json:"key"`
	Value     *string  `json:"value"`
	Headers   []header `json:"headers"`
	Partition *int32   `json:"partition"`
	Timestamp *int64   `json:"timestamp"`
}

func (r recordToWrite) record(topic string) *kgo.Record {
	record := &kgo.Record{Topic: topic, Key: bytesOf(r.Key), Value: bytesOf(r.Value)}
	for _, h := range r.Headers {
		record.Headers = append(record.Headers, kgo.RecordHeader{Key: h.name, Value: bytesOf(h.value)})
	}
	if r.Partition != nil {
		record.Partition = *r.Partition
	}
	if r.Timestamp != nil {
		record.Timestamp = time.UnixMilli(*r.Timestamp)
	}
	return record
}

type consumedRecord struct {
	Topic     string   `json:"topic"`
	Partition int32    `json:"partition"`
	Offset    int64    `json:"offset"`
	Timestamp int64    `json:"timestamp"`
	Key       *string  `json:"key"`
	Value     *string  `json:"value"`
	Headers   []header `json:"headers"`
}

func consumed(r *kgo.Record) consumedRecord {
	headers := make([]header, 0, len(r.Headers))
	for _, h := range r.Headers {
		headers = append(headers, header{h.Key, textOf(h.Value)})
	}
	return consumedRecord{r.Topic, r.Partition, r.Offset, r.Timestamp.UnixMilli(), textOf(r.Key), textOf(r.Value), headers}
}

type topicPartition struct {
	Topic     string `json:"topic"`
	Partition int32  `json:"partition"`
}

type partitionOffset struct {
	topicPartition
	Offset int64 `json:"offset"`
}

func bytesOf(text *string) []byte {
	if text == nil {
		return nil
	}
	return []byte(*text)
}

func textOf(bytes []byte) *string {
	if bytes == nil {
		return nil
	}
	text := string(bytes)
	return &text
}
