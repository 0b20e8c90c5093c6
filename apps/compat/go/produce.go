package main

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// producerKind is what cannot be chosen record by record.
type producerKind struct {
	acks       int
	codec      string
	idempotent bool
	// explicit is whether records name their partitions.
	explicit bool
	// prompt is whether records go out one by one, without waiting for others to fill the batch.
	prompt bool
}

type produceRequest struct {
	Topic      string          `json:"topic"`
	Records    []recordToWrite `json:"records"`
	Acks       int             `json:"acks"`
	Codec      string          `json:"codec"`
	Idempotent bool            `json:"idempotent"`
	OverMs     int64           `json:"overMs"`
}

type acknowledgement struct {
	Partition int32  `json:"partition"`
	Offset    *int64 `json:"offset"`
}

func (a *agent) produce(ctx context.Context, r produceRequest) (any, error) {
	acknowledged := make([]acknowledgement, 0, len(r.Records))
	start := time.Now()
	interval := time.Duration(0)
	if len(r.Records) > 0 {
		interval = time.Duration(r.OverMs) * time.Millisecond / time.Duration(len(r.Records))
	}
	for first := 0; first < len(r.Records); {
		last := sameKind(r.Records, first)
		// The moments at which records are due are counted from the start, so that a slow send delays no other.
		due := func(index int) time.Time { return start.Add(interval * time.Duration(first+index)) }
		rows, err := a.produceRun(ctx, r, r.Records[first:last], due)
		if err != nil {
			return nil, err
		}
		acknowledged = append(acknowledged, rows...)
		first = last
	}
	return map[string]any{"acknowledged": acknowledged}, nil
}

// sameKind is the end of the run of records that all name a partition, or all do not: they go through one producer.
func sameKind(records []recordToWrite, first int) int {
	last := first + 1
	for last < len(records) && (records[last].Partition == nil) == (records[first].Partition == nil) {
		last++
	}
	return last
}

func (a *agent) produceRun(ctx context.Context, r produceRequest, run []recordToWrite, due func(int) time.Time) ([]acknowledgement, error) {
	explicit := run[0].Partition != nil
	producer, err := a.producer(producerKind{r.Acks, r.Codec, r.Idempotent, explicit, r.OverMs > 0})
	if err != nil {
		return nil, err
	}
	type outcome struct {
		record *kgo.Record
		err    error
	}
	outcomes := make([]outcome, len(run))
	for index, toWrite := range run {
		time.Sleep(time.Until(due(index)))
		producer.Produce(ctx, toWrite.record(r.Topic), func(record *kgo.Record, err error) {
			outcomes[index] = outcome{record, err}
		})
	}
	if err := producer.Flush(ctx); err != nil {
		return nil, err
	}
	rows := make([]acknowledgement, 0, len(run))
	for _, one := range outcomes {
		if one.err != nil {
			return nil, one.err
		}
		row := acknowledgement{Partition: one.record.Partition}
		if r.Acks != 0 {
			row.Offset = &one.record.Offset
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func (a *agent) producer(kind producerKind) (*kgo.Client, error) {
	if known, ok := a.producers[kind]; ok {
		return known, nil
	}
	// The library counts a record's delivery timeout from the record's own timestamp, which may lie years back: it is
	// the caller's context that bounds the time.
	options := []kgo.Opt{
		kgo.ProducerBatchMaxBytes(clientMaxBytes),
		kgo.ProduceRequestTimeout(requestPatience),
	}
	switch kind.acks {
	case -1:
		options = append(options, kgo.RequiredAcks(kgo.AllISRAcks()))
	case 1:
		options = append(options, kgo.RequiredAcks(kgo.LeaderAck()))
	case 0:
		options = append(options, kgo.RequiredAcks(kgo.NoAck()))
	}
	if !kind.idempotent {
		// The library then keeps to one request at a time, and so to the order.
		options = append(options, kgo.DisableIdempotentWrite())
	}
	codecs := map[string]kgo.CompressionCodec{
		"none": kgo.NoCompression(), "gzip": kgo.GzipCompression(), "snappy": kgo.SnappyCompression(),
		"lz4": kgo.Lz4Compression(), "zstd": kgo.ZstdCompression(),
	}
	codec, ok := codecs[kind.codec]
	if !ok {
		return nil, fmt.Errorf("there is no codec %s", kind.codec)
	}
	options = append(options, kgo.ProducerBatchCompression(codec))
	if kind.explicit {
		options = append(options, kgo.RecordPartitioner(kgo.ManualPartitioner()))
	}
	if !kind.prompt {
		options = append(options, kgo.ProducerLinger(5*time.Millisecond))
	}
	producer, err := a.client(options...)
	if err == nil {
		a.producers[kind] = producer
	}
	return producer, err
}
