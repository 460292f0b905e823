package dev.halcyon.proxy;

import dev.halcyon.proxy.SuspectWords.Word;
import dev.halcyon.proxy.TextEffects.Effects;
import dev.halcyon.proxy.digest.SessionRecord;
import dev.halcyon.proxy.wire.Bytes;
import dev.halcyon.proxy.wire.Capabilities;
import dev.halcyon.proxy.wire.MalformedPacketException;
import dev.halcyon.proxy.wire.PacketScanner;
import dev.halcyon.proxy.wire.PacketSink;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads from a client's commands what the server will not tell, and lets each pass or wait. On the
 * event loop only.
 */
final class Requests implements PacketSink {
  static final int QUIT = 0x01;
  private static final int QUERY = 0x03;
  private static final int EXECUTE = 0x17;

  /** Kinds of cursors among the flags of an execution. */
  private static final int CURSORS = 0x07;

  private static final int PROCESS_KILL = 0x0c;
  private static final int INIT_SCHEMA = 0x02;
  static final int CHANGE_USER = 0x11;
  static final int RESET = 0x1f;
  private static final int LONG_DATA = 0x18;
  private static final int RESET_STATEMENT = 0x1a;
  private static final int CLOSE_STATEMENT = 0x19;
  private static final int SET_OPTION = 0x1b;

  /** As much text as is read properly; of longer text a suspect word suffices. */
  private static final int READ_AT_MOST = 1 << 20;

  private static final int WITH_STATEMENT = 5;
  private static final int WITH_OPTION = 3;

  private final SessionState state;
  private final Responses responses;
  private final Capabilities capabilities;
  private final Turn turn;
  private final SessionRecord record;
  private final Statements statements;
  private final SuspectWords words = new SuspectWords();

  private int command;
  private Command.Kind kind = Command.Kind.SILENT;
  private boolean file;
  private boolean fileEnds;
  private boolean under;
  private @Nullable String text;
  private int statement;
  private Optional<Bytes> preparing = Optional.empty();
  private boolean lacksTypes;
  private @Nullable Kill kill;

  /** The command that comes is a KILL as it must be. */
  private boolean killed;

  private int whole;

  /** Bytes of the text that have been looked through before they come again as the body. */
  private int read;

  /** Decides whether a command may pass now. */
  interface Turn {
    /**
     * @param fleeting as far as it is known, which it is while a hold gathers
     */
    boolean mayPass(int command, boolean fleeting);

    /** Whether fleeting commands pass that else would wait. */
    boolean gathers();

    /** Whether any client knows its session by another id than the server. */
    boolean idsDiffer();

    /** The server's id of the session that clients know by this one; the same if none do. */
    long serversId(long connectionId);
  }

  Requests(SessionState state, Responses responses, Capabilities capabilities, Turn turn) {
    this.state = state;
    this.responses = responses;
    this.capabilities = capabilities;
    this.turn = turn;
    this.record = state.record();
    this.statements = state.statements();
  }

  /** Whether a command has been sent in part. */
  boolean underWay() {
    return under;
  }

  /**
   * Whether the last scan stopped before a command that a move has made another: an execution that
   * leaves out the types of its parameters, which only the former server knows, or a KILL.
   */
  boolean rewrites() {
    return lacksTypes || kill != null;
  }

  /** The command as it must be sent now; takes the buffer over. */
  ByteBuf rewritten(ByteBuf buffer) {
    var killing = kill;
    if (killing != null) {
      kill = null;
      killed = true;
      return killing.in(buffer);
    }
    lacksTypes = false;
    int id = buffer.getIntLE(buffer.readerIndex() + PacketScanner.HEADER + 1);
    return statements.withTypes(id, buffer);
  }

  @Override
  public int atOnce(int length, int first) {
    if (responses.fileWanted()) {
      return 1;
    }
    if (turn.gathers() && isFleetingKind(first, length)) {
      return length;
    }
    if (first == PROCESS_KILL || (first == QUERY && length <= Kill.LONGEST)) {
      return turn.idsDiffer() ? length : 1;
    }
    if (!hasStatement(first)) {
      return 1;
    }
    boolean executes = Command.Kind.of(first) == Command.Kind.EXECUTE;
    return executes && statements.moved() ? statements.head(0) : WITH_STATEMENT;
  }

  /** Whether it may be a fleeting command, which only the whole of it shows. */
  private static boolean isFleetingKind(int first, int length) {
    return Fleeting.isKind(first) && length <= Fleeting.LONGEST;
  }

  private boolean isFleeting(ByteBuf buffer, int index, int length, int first) {
    if (!isFleetingKind(first, length)) {
      return false;
    }
    return switch (Command.Kind.of(first)) {
      case QUERY, PREPARE -> {
        int attributes =
            Command.Kind.of(first) == Command.Kind.QUERY ? attributes(buffer, index, length) : 0;
        int from = index + 1 + attributes;
        yield attributes >= 0
            && isFleeting(
                buffer.toString(from, index + length - from, StandardCharsets.ISO_8859_1));
      }
      case EXECUTE -> {
        boolean opensCursor =
            first == EXECUTE
                && length > WITH_STATEMENT
                && (buffer.getByte(index + WITH_STATEMENT) & CURSORS) != 0;
        yield length > WITH_STATEMENT
            && !opensCursor
            && statements.text(buffer.getIntLE(index + 1)).filter(this::isFleeting).isPresent();
      }
      case SILENT, SIMPLE, STATISTICS, FIELD_LIST, RESET -> true;
      case FETCH, STREAM -> false;
    };
  }

  private boolean isFleeting(String text) {
    return !(text.indexOf('\\') >= 0 && state.backslashIsDoubtful()) && Fleeting.isText(text);
  }

  private static boolean hasStatement(int first) {
    return switch (Command.Kind.of(first)) {
      case EXECUTE, FETCH -> true;
      case SILENT, SIMPLE ->
          first == LONG_DATA || first == RESET_STATEMENT || first == CLOSE_STATEMENT;
      case QUERY, PREPARE, STATISTICS, FIELD_LIST, RESET, STREAM -> false;
    };
  }

  @Override
  public int begin(ByteBuf buffer, int index, int length, int sequence, int first) {
    file = responses.fileWanted();
    if (file) {
      fileEnds = length == 0;
      return 0;
    }
    if (sequence != 0) {
      throw new MalformedPacketException("A command with number " + sequence);
    }
    if (length == 0) {
      throw new MalformedPacketException("An empty command");
    }
    if (!turn.mayPass(first, turn.gathers() && isFleeting(buffer, index, length, first))) {
      return STOP;
    }
    if (turn.idsDiffer() && kills(buffer, index, length, first)) {
      return STOP;
    }
    kind = Command.Kind.of(first);
    statement = 0;
    if (hasStatement(first) && length >= WITH_STATEMENT) {
      statement = buffer.getIntLE(index + 1);
      if (statements.moved() && !translate(buffer, index, length)) {
        return STOP;
      }
    }
    command = first;
    under = true;
    text = null;
    whole = length;
    read = 0;
    words.restart();
    return wanted(length);
  }

  /** Whether it is a KILL of a session that the client knows by another id than the server. */
  private boolean kills(ByteBuf buffer, int index, int length, int first) {
    if (first == PROCESS_KILL && length == WITH_STATEMENT) {
      long id = buffer.getUnsignedIntLE(index + 1);
      buffer.setIntLE(index + 1, (int) turn.serversId(id));
      return false;
    }
    if (first != QUERY || length > Kill.LONGEST || killed) {
      killed = false;
      return false;
    }
    kill = Kill.in(buffer, index, length, turn::serversId);
    return kill != null;
  }

  /** Puts the server's id in place of the client's; not so if the types must be put in first. */
  private boolean translate(ByteBuf buffer, int index, int length) {
    if (statements.isEarly(statement)) {
      return true;
    }
    if (kind == Command.Kind.EXECUTE) {
      int there = Math.min(length, buffer.writerIndex() - index);
      lacksTypes = statements.lacksTypes(statement, buffer, index, there);
      if (lacksTypes) {
        return false;
      }
    }
    buffer.setIntLE(index + 1, statements.server(statement));
    return true;
  }

  private int wanted(int length) {
    return switch (kind) {
      case QUERY, PREPARE -> Math.min(length, READ_AT_MOST);
      case EXECUTE -> Math.min(length, statements.head(statement));
      case SIMPLE -> command == SET_OPTION ? WITH_OPTION : 0;
      case FETCH, SILENT, STATISTICS, FIELD_LIST, RESET, STREAM -> 0;
    };
  }

  @Override
  public void head(ByteBuf buffer, int index, int length) {
    switch (kind) {
      case QUERY, PREPARE -> {
        words.read(buffer, index, length);
        read = length;
        record(buffer, index, length);
        if (length == whole && !words.found().isEmpty()) {
          text = text(buffer, index, length);
        }
        if (length == whole && kind == Command.Kind.PREPARE) {
          preparing = Optional.of(bytes(buffer, index + 1, length - 1));
        }
      }
      case EXECUTE -> statements.executed(statement, buffer, index, length);
      case SIMPLE -> {
        if (length == WITH_OPTION) {
          state.severalStatements(buffer.getUnsignedShortLE(index + 1) == 0);
        }
      }
      case FETCH, SILENT, STATISTICS, FIELD_LIST, RESET, STREAM -> {}
    }
  }

  private void record(ByteBuf buffer, int index, int length) {
    int attributes = kind == Command.Kind.QUERY ? attributes(buffer, index, length) : 0;
    int from = 1 + attributes;
    boolean all = length == whole;
    if (attributes < 0) {
      record.unreadable();
    } else if (kind == Command.Kind.QUERY) {
      record.sent(buffer, index + from, length - from, all);
    } else {
      record.preparing(buffer, index + from, length - from, all);
    }
  }

  /** How many bytes of attributes stand before the text; below 0 if that is not known. */
  private int attributes(ByteBuf buffer, int index, int length) {
    if (!capabilities.has(Capabilities.QUERY_ATTRIBUTES)) {
      return 0;
    }
    return length < 3 || buffer.getByte(index + 1) != 0 ? -1 : 2;
  }

  private static Bytes bytes(ByteBuf buffer, int index, int length) {
    var bytes = new byte[length];
    buffer.getBytes(index, bytes);
    return Bytes.of(bytes);
  }

  /** The text, unless attributes stand before it or a string may end elsewhere than it seems. */
  private @Nullable String text(ByteBuf buffer, int index, int length) {
    int attributes = kind == Command.Kind.QUERY ? attributes(buffer, index, length) : 0;
    if (attributes < 0) {
      return null;
    }
    int from = index + 1 + attributes;
    return buffer.toString(from, index + length - from, StandardCharsets.ISO_8859_1);
  }

  @Override
  public void body(ByteBuf buffer, int index, int length) {
    if (file || (kind != Command.Kind.QUERY && kind != Command.Kind.PREPARE)) {
      return;
    }
    int known = Math.min(read, length);
    read -= known;
    if (known < length) {
      words.read(buffer, index + known, length - known);
    }
  }

  @Override
  public void end() {
    if (file) {
      if (fileEnds) {
        responses.fileSent();
      }
      return;
    }
    under = false;
    switch (kind) {
      case EXECUTE -> record.executed(Integer.toUnsignedLong(statement));
      case SILENT -> {
        if (command == CLOSE_STATEMENT) {
          record.closed(Integer.toUnsignedLong(statement));
        }
      }
      case SIMPLE -> {
        if (command == INIT_SCHEMA) {
          record.schemaMayChange();
        }
      }
      case QUERY, PREPARE, STATISTICS, FETCH, FIELD_LIST, RESET, STREAM -> {}
    }
    statement();
    var sent = new Command(kind, statements.named(statement), effects(), false);
    text = null;
    state.sent(sent);
    if (kind != Command.Kind.SILENT) {
      responses.expect(sent);
    }
  }

  private void statement() {
    switch (command) {
      case CLOSE_STATEMENT -> {
        state.statementClosed(statement);
        statements.closed(statement);
      }
      case RESET_STATEMENT -> {
        state.statementClosed(statement);
        statements.reset(statement);
      }
      case LONG_DATA -> statements.longData(statement);
      default -> {
        if (kind == Command.Kind.PREPARE) {
          statements.preparing(preparing);
          preparing = Optional.empty();
        }
      }
    }
  }

  private Effects effects() {
    Set<Word> found =
        kind == Command.Kind.QUERY || kind == Command.Kind.PREPARE ? words.found() : Set.of();
    if (found.isEmpty()) {
      return Effects.NONE;
    }
    return TextEffects.of(found, words.hasBackslash() && state.backslashIsDoubtful() ? null : text);
  }
}
