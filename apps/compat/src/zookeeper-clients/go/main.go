// What go-zookeeper does with a ZooKeeper: prints what it sees, without times and ids.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"sort"
	"strings"
	"time"

	"github.com/go-zookeeper/zk"
)

const timeout = 60 * time.Second

var connect string

type silent struct{}

func (silent) Printf(string, ...interface{}) {}

func say(words ...interface{}) {
	texts := make([]string, len(words))
	for at, word := range words {
		texts[at] = fmt.Sprint(word)
	}
	fmt.Println(strings.Join(texts, " | "))
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func open() *zk.Conn {
	conn, events, err := zk.Connect(strings.Split(connect, ","), 10*time.Second, zk.WithLogger(silent{}))
	must(err)
	deadline := time.After(timeout)
	for {
		select {
		case event := <-events:
			if event.State == zk.StateHasSession {
				go func() {
					for range events {
					}
				}()
				return conn
			}
		case <-deadline:
			panic("not connected")
		}
	}
}

func show(stat *zk.Stat) string {
	if stat == nil {
		return "none"
	}
	return fmt.Sprintf("version=%d cversion=%d aversion=%d length=%d children=%d ephemeral=%t",
		stat.Version, stat.Cversion, stat.Aversion, stat.DataLength, stat.NumChildren, stat.EphemeralOwner != 0)
}

func next(events <-chan zk.Event) string {
	select {
	case event := <-events:
		return event.Type.String() + " " + event.Path
	case <-time.After(timeout):
		return "nothing"
	}
}

func until(condition func() bool, what string) {
	deadline := time.Now().Add(timeout)
	for !condition() {
		if time.Now().After(deadline) {
			panic("waited in vain: " + what)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func basics(conn *zk.Conn) {
	open := zk.WorldACL(zk.PermAll)
	path, err := conn.Create("/go-g", []byte("one"), 0, open)
	say(path, err)
	_, err = conn.Create("/go-g", nil, 0, open)
	say(err)
	_, err = conn.Create("/go-g/b/c", nil, 0, open)
	say(err)
	data, stat, err := conn.Get("/go-g")
	say(string(data), show(stat), err)
	stat, err = conn.Set("/go-g", []byte("three"), 0)
	say(show(stat), err)
	_, err = conn.Set("/go-g", nil, 0)
	say(err)
	for count := 0; count < 2; count++ {
		path, err = conn.Create("/go-g/s-", nil, zk.FlagSequence, open)
		say(path, err)
	}
	children, stat, err := conn.Children("/go-g")
	sort.Strings(children)
	say(children, show(stat), err)
	exists, _, err := conn.Exists("/go-none")
	say(exists, err)
	say(conn.Delete("/go-g", -1), conn.Delete("/go-none", -1), conn.Delete("/go-g/s-0000000000", 5))
	path, err = conn.Sync("/go-g")
	say(path, err)
	path, err = conn.CreateContainer("/go-g/container", nil, 4, open)
	say(path, err)
	path, err = conn.CreateTTL("/go-g/ttl", nil, zk.FlagTTL, open, time.Hour)
	say(path, err)
	protected, err := conn.CreateProtectedEphemeralSequential("/go-g/p-", nil, open)
	say(protected[len(protected)-12:], err)
}

func multi(conn *zk.Conn) {
	open := zk.WorldACL(zk.PermAll)
	results, err := conn.Multi(
		&zk.CreateRequest{Path: "/go-m", Data: []byte("0"), Acl: open},
		&zk.SetDataRequest{Path: "/go-m", Data: []byte("1"), Version: 0},
		&zk.CheckVersionRequest{Path: "/go-m", Version: 1},
		&zk.CreateRequest{Path: "/go-m/a", Acl: open, Flags: zk.FlagEphemeral},
		&zk.DeleteRequest{Path: "/go-m/a", Version: 0},
	)
	for _, result := range results {
		say(result.String, show(result.Stat), result.Error)
	}
	say(err)
	results, err = conn.Multi(
		&zk.CreateRequest{Path: "/go-m/b", Acl: open},
		&zk.CheckVersionRequest{Path: "/go-m", Version: 9},
		&zk.DeleteRequest{Path: "/go-m", Version: -1},
	)
	for _, result := range results {
		say(result.Error)
	}
	say(err)
}

func watches(conn, other *zk.Conn) {
	open := zk.WorldACL(zk.PermAll)
	_, _, created, err := conn.ExistsW("/go-w")
	must(err)
	_, err = other.Create("/go-w", nil, 0, open)
	must(err)
	say(next(created))
	_, _, data, err := conn.GetW("/go-w")
	must(err)
	_, _, children, err := conn.ChildrenW("/go-w")
	must(err)
	_, err = other.Set("/go-w", []byte("1"), -1)
	must(err)
	say(next(data))
	_, err = other.Create("/go-w/a", nil, 0, open)
	must(err)
	say(next(children))
	_, _, gone, err := conn.GetW("/go-w/a")
	must(err)
	must(other.Delete("/go-w/a", -1))
	say(next(gone))
}

func access(conn *zk.Conn) {
	owner := open()
	must(owner.AddAuth("digest", []byte("bob:secret")))
	_, err := owner.Create("/go-acl", []byte("hidden"), 0, zk.DigestACL(zk.PermAll, "bob", "secret"))
	must(err)
	_, _, err = conn.Get("/go-acl")
	say(err)
	_, err = conn.Set("/go-acl", nil, -1)
	say(err)
	data, _, err := owner.Get("/go-acl")
	say(string(data), err)
	stat, err := owner.SetACL("/go-acl", append(zk.AuthACL(zk.PermAll), zk.WorldACL(zk.PermRead)...), 0)
	say(show(stat), err)
	acl, _, err := conn.GetACL("/go-acl")
	say(acl, err)
	_, err = conn.Create("/go-bad", nil, 0, []zk.ACL{{Perms: 31, Scheme: "nothing", ID: "x"}})
	say(err)
	owner.Close()
}

func ephemerals(conn *zk.Conn) {
	other := open()
	_, err := other.Create("/go-e", nil, zk.FlagEphemeral, zk.WorldACL(zk.PermAll))
	must(err)
	_, stat, gone, err := conn.ExistsW("/go-e")
	say(show(stat), err)
	_, err = other.Create("/go-e/child", nil, 0, zk.WorldACL(zk.PermAll))
	say(err)
	other.Close()
	say(next(gone))
}

// The connection is cut: the session goes on, and its watches fire.
func reconnects(conn, other *zk.Conn) {
	open := zk.WorldACL(zk.PermAll)
	_, err := conn.Create("/go-r", nil, 0, open)
	must(err)
	_, err = conn.Create("/go-r/mine", nil, zk.FlagEphemeral, open)
	must(err)
	_, _, data, err := conn.GetW("/go-r")
	must(err)
	_, _, children, err := conn.ChildrenW("/go-r")
	must(err)
	_, _, later, err := conn.ExistsW("/go-r/later")
	must(err)
	session := conn.SessionID()
	fmt.Println("!cut")
	_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
	for _, one := range []*zk.Conn{conn, other} {
		until(func() bool { _, _, err := one.Get("/"); return err == nil }, "connected again")
	}
	mine, _, err := conn.Exists("/go-r/mine")
	say(conn.SessionID() == session, mine, err)
	_, err = other.Set("/go-r", []byte("news"), -1)
	must(err)
	_, err = other.Create("/go-r/later", nil, 0, open)
	must(err)
	say(next(data), next(children), next(later))
}

func locks(conn, other *zk.Conn) {
	first := zk.NewLock(conn, "/go-lock", zk.WorldACL(zk.PermAll))
	second := zk.NewLock(other, "/go-lock", zk.WorldACL(zk.PermAll))
	must(first.Lock())
	got := make(chan error, 1)
	go func() { got <- second.Lock() }()
	until(func() bool { children, _, err := conn.Children("/go-lock"); return err == nil && len(children) == 2 }, "two wait")
	select {
	case <-got:
		say("both have it")
	default:
		say("one has it")
	}
	must(first.Unlock())
	say(<-got, second.Unlock(), errors.Is(first.Unlock(), zk.ErrNotLocked))
}

func main() {
	connect = os.Args[1]
	conn, other := open(), open()
	chapters := []struct {
		title string
		play  func()
	}{
		{"basics", func() { basics(conn) }},
		{"multi", func() { multi(conn) }},
		{"watches", func() { watches(conn, other) }},
		{"access", func() { access(conn) }},
		{"ephemerals", func() { ephemerals(conn) }},
		{"reconnects", func() { reconnects(conn, other) }},
		{"locks", func() { locks(conn, other) }},
	}
	for _, chapter := range chapters {
		say("# " + chapter.title)
		chapter.play()
	}
	conn.Close()
	other.Close()
	say("# end")
}
