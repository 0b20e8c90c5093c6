package biquorum.zookeeper;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.jute.BinaryInputArchive;
import org.apache.jute.Record;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.server.persistence.FileTxnLog;
import org.apache.zookeeper.server.persistence.TxnLog.TxnIterator;
import org.apache.zookeeper.txn.CheckVersionTxn;
import org.apache.zookeeper.txn.CloseSessionTxn;
import org.apache.zookeeper.txn.CreateTxn;
import org.apache.zookeeper.txn.DeleteTxn;
import org.apache.zookeeper.txn.ErrorTxn;
import org.apache.zookeeper.txn.MultiTxn;
import org.apache.zookeeper.txn.SetDataTxn;
import org.apache.zookeeper.txn.Txn;
import org.apache.zookeeper.txn.TxnHeader;

/**
 * Every write that a ZooKeeper server has carried out, as its transaction log has it: a line of JSON each, in order.
 * The argument is the directory of the log. Writes of one multi have one zxid.
 */
public final class ReadHistory {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ReadHistory() {}

  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    try (TxnIterator log = new FileTxnLog(new File(arguments[0])).read(0)) {
      boolean more = log.getHeader() != null;
      while (more) {
        write(out, log.getHeader(), log.getHeader().getType(), log.getTxn());
        more = log.next();
      }
    }
    out.flush();
  }

  private static void write(PrintStream out, TxnHeader header, int type, Record txn) throws IOException {
    ObjectNode line = JSON.createObjectNode();
    line.put("zxid", header.getZxid()).put("time", header.getTime()).put("session", Long.toHexString(header.getClientId()));
    switch (type) {
      case OpCode.create:
      case OpCode.create2:
        CreateTxn create = (CreateTxn) txn;
        line.put("kind", "create").put("path", create.getPath()).put("data", text(create.getData()));
        line.put("ephemeral", create.getEphemeral());
        break;
      case OpCode.setData:
        SetDataTxn change = (SetDataTxn) txn;
        line.put("kind", "set").put("path", change.getPath()).put("data", text(change.getData()));
        line.put("version", change.getVersion());
        break;
      case OpCode.delete:
        line.put("kind", "delete").put("path", ((DeleteTxn) txn).getPath());
        break;
      case OpCode.check:
        CheckVersionTxn check = (CheckVersionTxn) txn;
        line.put("kind", "check").put("path", check.getPath()).put("version", check.getVersion());
        break;
      case OpCode.closeSession:
        line.put("kind", "close");
        if (txn instanceof CloseSessionTxn) {
          ((CloseSessionTxn) txn).getPaths2Delete().forEach(line.withArray("paths")::add);
        }
        break;
      case OpCode.multi:
        MultiTxn multi = (MultiTxn) txn;
        if (multi.getTxns().stream().anyMatch(part -> part.getType() == OpCode.error)) {
          refused(out, line, multi);
          return;
        }
        for (Txn part : multi.getTxns()) write(out, header, part.getType(), read(part));
        return;
      default:
        return;
    }
    out.println(JSON.writeValueAsString(line));
  }

  /** One that was refused changed nothing. Of its errors one is the reason, others only say that there is one. */
  private static void refused(PrintStream out, ObjectNode line, MultiTxn multi) throws IOException {
    line.put("kind", "refused");
    for (Txn part : multi.getTxns()) {
      if (part.getType() != OpCode.error) continue;
      int error = ((ErrorTxn) read(part)).getErr();
      if (error != KeeperException.Code.OK.intValue()
          && error != KeeperException.Code.RUNTIMEINCONSISTENCY.intValue()) {
        line.put("error", KeeperException.Code.get(error).name());
      }
    }
    out.println(JSON.writeValueAsString(line));
  }

  private static Record read(Txn part) throws IOException {
    Record record = emptyRecord(part.getType());
    record.deserialize(BinaryInputArchive.getArchive(new ByteArrayInputStream(part.getData())), "txn");
    return record;
  }

  private static Record emptyRecord(int type) {
    switch (type) {
      case OpCode.create:
      case OpCode.create2:
        return new CreateTxn();
      case OpCode.setData:
        return new SetDataTxn();
      case OpCode.delete:
        return new DeleteTxn();
      case OpCode.check:
        return new CheckVersionTxn();
      case OpCode.error:
        return new ErrorTxn();
      default:
        throw new IllegalArgumentException("a multi with an operation of type " + type);
    }
  }

  private static String text(byte[] data) {
    return data == null || data.length == 0 ? null : new String(data, StandardCharsets.UTF_8);
  }
}
