// Command agent is franz-go as an agent of the client matrix: requests as lines of JSON on standard input, replies on
// standard output. The protocol is that of src/clients/agent-protocol.ts.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

const (
	chunkRecords = 500
	chunkBytes   = 1 << 20
	// patience is how long the client retries before it gives up.
	patience = 60 * time.Second
	// requestPatience is how long the client waits for one answer: several times within its patience.
	requestPatience = 15 * time.Second
	// clientMaxBytes is up to where the client lets records and requests pass, so that it is the broker that refuses.
	clientMaxBytes = 64 << 20
	// fetchWait is how long the broker may hold back an empty answer: a consumer that closes waits for it.
	fetchWait = 100 * time.Millisecond
)

// agent is one client: producers and an administrator made at first use, and at most one member of a group.
type agent struct {
	replies   *bufio.Writer
	bootstrap []string
	producers map[producerKind]*kgo.Client
	admin     *administrator
	member    *member
}

// request holds what every operation has.
type request struct {
	ID int64  `json:"id"`
	Op string `json:"op"`
}

func main() {
	a := &agent{replies: bufio.NewWriterSize(os.Stdout, 1<<16), producers: map[producerKind]*kgo.Client{}}
	err := a.run(bufio.NewReaderSize(os.Stdin, 1<<16))
	a.close()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func (a *agent) run(requests *bufio.Reader) error {
	for {
		line, err := requests.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := a.serve(line); err != nil {
			return err
		}
	}
}

// serve answers one request. It fails only if the reply cannot be written.
func (a *agent) serve(line []byte) error {
	var head request
	if err := json.Unmarshal(line, &head); err != nil {
		return err
	}
	ok, err := a.answer(head, line)
	if err != nil {
		return a.print(map[string]any{"id": head.ID, "error": describe(err)})
	}
	if ok == nil {
		ok = map[string]any{}
	}
	return a.print(map[string]any{"id": head.ID, "ok": ok})
}

func (a *agent) answer(head request, line []byte) (any, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	switch head.Op {
	case "hello":
		return with(line, a.hello)
	case "produce":
		return with(line, func(r produceRequest) (any, error) { return a.produce(ctx, r) })
	case "consume":
		return with(line, func(r consumeRequest) (any, error) {
			records, err := a.consume(r)
			if err != nil {
				return nil, err
			}
			return nil, a.stream(head.ID, records)
		})
	case "subscribe":
		return with(line, a.subscribe)
	case "poll":
		return with(line, func(r pollRequest) (any, error) {
			records, assignment, err := a.poll(r)
			if err != nil {
				return nil, err
			}
			return map[string]any{"assignment": assignment}, a.stream(head.ID, records)
		})
	case "commit":
		return with(line, func(r commitRequest) (any, error) { return nil, a.commit(ctx, r) })
	case "leave":
		return nil, a.leave(ctx)
	default:
		return a.administer(ctx, head.Op, line)
	}
}

// with reads the fields of an operation and passes them on.
func with[Request any](line []byte, answer func(Request) (any, error)) (any, error) {
	var fields Request
	if err := json.Unmarshal(line, &fields); err != nil {
		return nil, err
	}
	return answer(fields)
}

type helloRequest struct {
	Bootstrap []string `json:"bootstrap"`
}

func (a *agent) hello(r helloRequest) (any, error) {
	a.bootstrap = r.Bootstrap
	return map[string]any{
		"name":         "franz-go",
		"version":      libraryVersion(),
		"codecs":       []string{"none", "gzip", "snappy", "lz4", "zstd"},
		"lacksCodecs":  map[string]string{},
		"partitioners": []string{"murmur2"},
		"lacks":        map[string]string{},
	}, nil
}

// libraryVersion is that of the module built into this program.
func libraryVersion() string {
	info, ok := debug.ReadBuildInfo()
	if ok {
		for _, module := range info.Deps {
			if module.Path == "github.com/twmb/franz-go" {
				return module.Version[1:]
			}
		}
	}
	panic("this program was built without its list of modules")
}

// stream sends records in lines of bounded length.
func (a *agent) stream(id int64, records []*kgo.Record) error {
	chunk := make([]consumedRecord, 0, min(len(records), chunkRecords))
	bytes := 0
	for _, record := range records {
		size := len(record.Key) + len(record.Value)
		if len(chunk) == chunkRecords || len(chunk) > 0 && bytes+size > chunkBytes {
			if err := a.print(map[string]any{"id": id, "records": chunk}); err != nil {
				return err
			}
			chunk, bytes = chunk[:0], 0
		}
		chunk = append(chunk, consumed(record))
		bytes += size
	}
	if len(chunk) == 0 {
		return nil
	}
	return a.print(map[string]any{"id": id, "records": chunk})
}

func (a *agent) print(line any) error {
	encoder := json.NewEncoder(a.replies)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(line); err != nil {
		return err
	}
	return a.replies.Flush()
}

// client makes a client with what all of them share.
func (a *agent) client(options ...kgo.Opt) (*kgo.Client, error) {
	common := []kgo.Opt{
		kgo.SeedBrokers(a.bootstrap...),
		kgo.ClientID("biquorum-agent"),
		kgo.RetryTimeout(patience),
		kgo.RequestTimeoutOverhead(requestPatience),
		kgo.WithLogger(kgo.BasicLogger(os.Stderr, kgo.LogLevelWarn, nil)),
	}
	return kgo.NewClient(append(common, options...)...)
}

func (a *agent) close() {
	if a.member != nil {
		a.member.client.Close()
	}
	for _, producer := range a.producers {
		producer.Close()
	}
	if a.admin != nil {
		a.admin.client.Close()
	}
}
