package dev.halcyon.proxy;

import dev.halcyon.proxy.wire.Capabilities;
import dev.halcyon.proxy.wire.ErrPacket;
import dev.halcyon.proxy.wire.MalformedPacketException;
import dev.halcyon.proxy.wire.OkCut;
import dev.halcyon.proxy.wire.OkPacket;
import dev.halcyon.proxy.wire.PacketScanner;
import dev.halcyon.proxy.wire.PacketSink;
import dev.halcyon.proxy.wire.PayloadReader;
import dev.halcyon.proxy.wire.ServerStatus;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;

/**
 * Knows of each command that was sent whether the server has answered it in full. Of rows it looks
 * at the first byte only. On the event loop only.
 *
 * @see <a href="https://mariadb.com/kb/en/result-set-packets/">MariaDB: result set packets</a>
 */
final class Responses implements PacketSink {
  private static final int END_OF_ROWS = 0xfe;
  private static final int FILE_WANTED = 0xfb;

  /** A classic end-of-rows packet is shorter than this, a row that begins with 0xfe is not. */
  private static final int CLASSIC_END = 9;

  /** As many bytes tell which error it is. */
  private static final int ERROR_NUMBER = 3;

  private static final int LONGEST_COUNT = 10;
  private static final int PREPARED = 9;
  private static final int SHORTEST_OK = 7;

  /** Of an OK; what is longer carries values of system variables that are not needed. */
  private static final int READ_AT_MOST = 65_536;

  private final ArrayDeque<Command> commands = new ArrayDeque<>();
  private final SessionState state;
  private final Capabilities capabilities;
  private final Stopwatch stopwatch;
  private final boolean hides;
  private final OkCut cut = new OkCut();

  private Phase phase = Phase.START;
  private Meaning meaning = Meaning.PASSING;
  private long definitions;
  private int length;
  private int status;
  private boolean fileWanted;

  /** Where in an answer the next packet stands. */
  private enum Phase {
    START,
    /** Descriptions of columns, then rows; without DEPRECATE_EOF their end-of-rows counts. */
    COLUMNS,
    ROWS,
    /** Descriptions that end the answer, their ends-of-rows included in the count. */
    PREPARED
  }

  /** What the present packet is. */
  private enum Meaning {
    PASSING,
    OK,
    END,
    ERROR,
    /** Not the answer yet. */
    PROGRESS,
    COUNT,
    PREPARED,
    FILE,
    ANSWER
  }

  /**
   * @param hides whether the client must not be told of changes, which the server tells
   */
  Responses(SessionState state, Capabilities capabilities, boolean hides, Stopwatch stopwatch) {
    this.state = state;
    this.hides = hides;
    this.capabilities = capabilities;
    this.stopwatch = stopwatch;
  }

  void expect(Command command) {
    commands.addLast(command);
    stopwatch.begin();
  }

  int outstanding() {
    return commands.size();
  }

  /** Whether the answer now coming is the proxy's. */
  boolean own() {
    var command = commands.peekFirst();
    return command != null && command.own();
  }

  /** Whether the server waits for the client to send a file. */
  boolean fileWanted() {
    return fileWanted;
  }

  /** The client has sent its file. */
  void fileSent() {
    fileWanted = false;
  }

  /** What the client must not see of the packets of the present buffer. */
  OkCut cut() {
    return cut;
  }

  @Override
  public int atOnce(int packetLength, int first) {
    length = packetLength;
    var command = commands.peekFirst();
    if (command == null) {
      return 1;
    }
    return switch (meaning(command, first)) {
      case PREPARED -> PREPARED;
      case OK, END -> hidesFrom(command) ? packetLength : 1;
      case PASSING, ERROR, PROGRESS, COUNT, FILE, ANSWER -> 1;
    };
  }

  private boolean hidesFrom(Command command) {
    return hides && !command.own();
  }

  @Override
  public int begin(ByteBuf buffer, int index, int packetLength, int sequence, int first) {
    length = packetLength;
    var command = commands.peekFirst();
    meaning = command == null ? Meaning.PASSING : meaning(command, first);
    if (meaning == Meaning.PREPARED) {
      name(buffer, index);
    }
    return switch (meaning) {
      case PASSING, PROGRESS, FILE, ANSWER -> 0;
      case ERROR -> ERROR_NUMBER;
      case OK, END -> command != null && hidesFrom(command) ? packetLength : READ_AT_MOST;
      case COUNT -> LONGEST_COUNT;
      case PREPARED -> PREPARED;
    };
  }

  /** Gives the statement an id that the client does not know another one by. */
  private void name(ByteBuf buffer, int index) {
    if (length < PREPARED) {
      throw new MalformedPacketException("A prepared statement without its numbers");
    }
    int server = buffer.getIntLE(index + 1);
    int id = state.prepared(server, buffer.getUnsignedShortLE(index + 7));
    if (id != server) {
      buffer.setIntLE(index + 1, id);
    }
  }

  private Meaning meaning(Command command, int first) {
    if (first == ErrPacket.FIRST_BYTE) {
      return command.kind() == Command.Kind.STREAM ? Meaning.PASSING : Meaning.ERROR;
    }
    return switch (phase) {
      case START -> atStart(command.kind(), first);
      case COLUMNS, PREPARED -> isEnd(first) ? Meaning.END : Meaning.PASSING;
      case ROWS -> isEnd(first) ? Meaning.END : Meaning.PASSING;
    };
  }

  private Meaning atStart(Command.Kind kind, int first) {
    return switch (kind) {
      case SILENT, STREAM -> Meaning.PASSING;
      case STATISTICS -> Meaning.ANSWER;
      case SIMPLE, RESET -> first == OkPacket.FIRST_BYTE ? Meaning.OK : Meaning.END;
      case FETCH, FIELD_LIST -> isEnd(first) ? Meaning.END : Meaning.PASSING;
      case PREPARE -> first == OkPacket.FIRST_BYTE ? Meaning.PREPARED : Meaning.ANSWER;
      case QUERY, EXECUTE ->
          switch (first) {
            case OkPacket.FIRST_BYTE -> Meaning.OK;
            case END_OF_ROWS -> Meaning.END;
            case FILE_WANTED -> Meaning.FILE;
            default -> Meaning.COUNT;
          };
    };
  }

  private boolean isEnd(int first) {
    boolean modern = capabilities.has(Capabilities.DEPRECATE_EOF);
    return first == END_OF_ROWS && (modern ? length < 0xffffff : length < CLASSIC_END);
  }

  @Override
  public void head(ByteBuf buffer, int index, int bytes) {
    var reader = new PayloadReader(buffer, index, bytes);
    var command = commands.getFirst();
    switch (meaning) {
      case OK -> {
        ok(command, reader, bytes);
        hide(command, buffer, index);
      }
      case END -> {
        end(command, reader, bytes);
        hide(command, buffer, index);
      }
      case COUNT -> count(reader);
      case PREPARED -> prepared(reader);
      case ERROR -> {
        if (bytes == ERROR_NUMBER && ErrPacket.isProgress(reader)) {
          meaning = Meaning.PROGRESS;
        }
      }
      case PASSING, PROGRESS, FILE, ANSWER -> {}
    }
  }

  /** The packet is whole in the buffer, its header included. */
  private void hide(Command command, ByteBuf buffer, int index) {
    if (!hidesFrom(command)) {
      return;
    }
    if (length < SHORTEST_OK) {
      OkCut.untellEnd(buffer, index);
    } else {
      int less = cut.untell(buffer, index, length);
      buffer.setMediumLE(index - PacketScanner.HEADER, length - less);
    }
  }

  private void ok(Command command, PayloadReader reader, int bytes) {
    OkPacket ok;
    if (bytes < length) {
      state.unreadable();
      ok = OkPacket.decode(reader, capabilities.without(Capabilities.SESSION_TRACK));
    } else {
      ok = OkPacket.decode(reader, capabilities);
    }
    status = ok.status();
    state.succeeded(command, ok);
  }

  private void end(Command command, PayloadReader reader, int bytes) {
    if (length >= SHORTEST_OK) {
      ok(command, reader, bytes);
    } else {
      reader.skip(3); // first byte and warnings
      status = reader.int2();
      state.ended(command, status);
    }
  }

  /** MariaDB appends whether descriptions follow, if the client can do without. */
  private void count(PayloadReader reader) {
    long columns = reader.lengthEncoded();
    boolean described = reader.remaining() == 0 || reader.int1() != 0;
    definitions = (described ? columns : 0) + classicEnds(1);
  }

  private void prepared(PayloadReader reader) {
    reader.skip(1);
    state.record().prepared(reader.int4());
    int columns = reader.int2();
    int parameters = reader.int2();
    definitions = (long) columns + parameters;
    definitions += classicEnds((columns > 0 ? 1 : 0) + (parameters > 0 ? 1 : 0));
  }

  private int classicEnds(int number) {
    return capabilities.has(Capabilities.DEPRECATE_EOF) ? 0 : number;
  }

  @Override
  public void body(ByteBuf buffer, int index, int bytes) {
    if (phase == Phase.PREPARED && meaning == Meaning.PASSING) {
      state.statements().definition(buffer, index, bytes);
    }
  }

  @Override
  public void end() {
    switch (meaning) {
      case ERROR -> {
        var command = commands.getFirst();
        if (command.kind() == Command.Kind.PREPARE && phase == Phase.START) {
          state.record().notPrepared();
        }
        state.failed(command);
        next();
      }
      case OK -> result();
      case END -> endOfRows();
      case COUNT -> phase = definitions > 0 ? Phase.COLUMNS : Phase.ROWS;
      case PREPARED -> {
        phase = Phase.PREPARED;
        if (definitions == 0) {
          answered();
        }
      }
      case FILE -> fileWanted = true;
      case ANSWER -> answered();
      case PASSING -> definition();
      case PROGRESS -> {}
    }
  }

  private void definition() {
    if (phase == Phase.COLUMNS && --definitions == 0) {
      phase = Phase.ROWS;
    } else if (phase == Phase.PREPARED && --definitions == 0) {
      answered();
    }
  }

  private void endOfRows() {
    if (phase == Phase.PREPARED) {
      definition();
    } else if (phase == Phase.COLUMNS && !ServerStatus.CURSOR_OPEN.in(status)) {
      definition();
    } else {
      result();
    }
  }

  private void result() {
    if (ServerStatus.MORE_RESULTS.in(status)) {
      phase = Phase.START;
    } else {
      answered();
    }
  }

  private void answered() {
    if (phase == Phase.PREPARED) {
      state.statements().described();
    }
    state.answered(commands.getFirst());
    next();
  }

  private void next() {
    phase = Phase.START;
    fileWanted = false;
    stopwatch.end(!commands.removeFirst().own());
  }
}
