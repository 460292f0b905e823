package dev.halcyon.proxy;

import dev.halcyon.proxy.move.Known;
import dev.halcyon.proxy.wire.Bytes;
import dev.halcyon.proxy.wire.Capabilities;
import dev.halcyon.proxy.wire.MalformedPacketException;
import dev.halcyon.proxy.wire.PacketScanner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.collection.IntObjectHashMap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A session's prepared statements, with what it takes to prepare them again elsewhere. Once moved,
 * the server has other ids than the client. On the event loop only.
 */
final class Statements {
  /** To MariaDB this id is the statement prepared last. */
  static final int LAST = -1;

  private static final int NONE = 0;

  /** Of texts in one session; of what is beyond nothing is kept. */
  private static final int MOST_TEXT = 4 << 20;

  private static final int EARLY_HEAD = 4096;

  private final Capabilities capabilities;
  private final IntObjectHashMap<Statement> byId = new IntObjectHashMap<>(2);
  private final ArrayDeque<Optional<Bytes>> preparing = new ArrayDeque<>(1);
  private final Execution execution;
  private final CRC32C definitions = new CRC32C();

  private @Nullable Statement latest;

  /** The beginning of an execution of what is yet being prepared. */
  private @Nullable ByteBuf early;

  private boolean moved;
  private int texts;
  private int order;
  private int widest;

  /** The ids that a server has given, and whether it knows the types of the parameters. */
  record Ids(Map<Integer, Integer> servers, Set<Integer> typed) {}

  /** What a statement was prepared with. */
  private static final class Statement {
    private final int id;
    private final int order;
    private final Optional<Bytes> text;
    private final @Nullable String schema;
    private final int settings;
    private final int parameters;
    private Optional<Long> described = Optional.empty();
    private int server;
    private boolean typed;
    private byte @Nullable [] types;
    private boolean unreadableTypes;
    private boolean longData;

    private Statement(
        int id,
        int order,
        Optional<Bytes> text,
        @Nullable String schema,
        int settings,
        int parameters,
        int server) {
      this.id = id;
      this.order = order;
      this.text = text;
      this.schema = schema;
      this.settings = settings;
      this.parameters = parameters;
      this.server = server;
    }
  }

  Statements(Capabilities capabilities) {
    this.capabilities = capabilities;
    this.execution = new Execution(attributes());
  }

  /** Whether ids must be translated. */
  boolean moved() {
    return moved;
  }

  /**
   * A text is on its way.
   *
   * @param text empty if it is too long to be kept
   */
  void preparing(Optional<Bytes> text) {
    preparing.addLast(
        text.isPresent() && texts + text.get().length() <= MOST_TEXT ? text : Optional.empty());
  }

  void refused() {
    preparing.removeFirst();
    latest = null;
    early = null;
  }

  /**
   * The server has prepared the first of the texts that are on their way.
   *
   * @param settings what else it depends on
   * @return the id that the client shall know it by
   */
  int prepared(int server, int parameters, @Nullable String schema, int settings) {
    var text = preparing.removeFirst();
    int id = server;
    while (moved && (byId.containsKey(id) || id == NONE || id == LAST)) {
      id++;
    }
    var statement = new Statement(id, order++, text, schema, settings, parameters, server);
    forget(byId.put(id, statement));
    texts += text.map(Bytes::length).orElse(0);
    widest = Math.max(widest, parameters);
    latest = statement;
    definitions.reset();
    var execution = early;
    if (execution != null && preparing.isEmpty()) {
      early = null;
      executed(id, execution, 0, execution.readableBytes());
    }
    return id;
  }

  /** A piece of the descriptions of the statement that was prepared last. */
  void definition(ByteBuf buffer, int index, int length) {
    if (capabilities.has(Capabilities.CACHE_METADATA)) {
      definitions.update(buffer.nioBuffer(index, length));
    }
  }

  /** Its descriptions are complete. */
  void described() {
    var statement = latest;
    if (statement != null && capabilities.has(Capabilities.CACHE_METADATA)) {
      statement.described = Optional.of(definitions.getValue());
    }
  }

  /** Whether an execution of this id is one of what is yet being prepared. */
  boolean isEarly(int id) {
    return id == LAST && !preparing.isEmpty();
  }

  /** The text of a statement, if it is kept. */
  Optional<String> text(int id) {
    var statement = byId.get(named(id));
    return statement == null
        ? Optional.empty()
        : statement.text.map(text -> new String(text.toArray(), StandardCharsets.ISO_8859_1));
  }

  /** The id as the client would give it. */
  int named(int id) {
    var statement = latest;
    return id == LAST && statement != null ? statement.id : id;
  }

  /** The server's id; for an unknown one an id that no server knows either. */
  int server(int id) {
    var statement = byId.get(named(id));
    return statement == null ? NONE : statement.server;
  }

  void closed(int id) {
    forget(byId.remove(id));
  }

  void reset(int id) {
    var statement = byId.get(id);
    if (statement != null) {
      statement.longData = false;
    }
  }

  void longData(int id) {
    var statement = byId.get(id);
    if (statement != null) {
      statement.longData = true;
    }
  }

  void clear() {
    byId.clear();
    early = null;
    texts = 0;
    widest = 0;
    latest = null;
  }

  /** Of an execution's bytes, so many tell the types of its parameters. */
  int head(int id) {
    if (isEarly(id)) {
      return EARLY_HEAD;
    }
    return widest == 0 ? 10 : 32 + 3 * widest + (attributes() ? 1024 : 0);
  }

  /** Learns the types of the parameters from the beginning of an execution. */
  void executed(int id, ByteBuf buffer, int index, int length) {
    if (isEarly(id)) {
      early = Unpooled.copiedBuffer(buffer.slice(index, length));
      return;
    }
    var statement = byId.get(named(id));
    if (statement == null) {
      return;
    }
    statement.longData = false;
    execution.read(buffer, index, length, statement.parameters);
    if (!execution.hasParameters()) {
      return;
    }
    if (!execution.readable()) {
      statement.unreadableTypes = true;
    } else if (execution.bound()) {
      statement.unreadableTypes = false;
      statement.typed = true;
      keep(statement, buffer, execution.from(), execution.end() - execution.from());
    }
  }

  /** Most executions have the types of the one before. */
  private static void keep(Statement statement, ByteBuf buffer, int from, int length) {
    byte[] known = statement.types;
    if (known == null || !same(known, buffer, from, length)) {
      var types = new byte[length];
      buffer.getBytes(from, types);
      statement.types = types;
    }
  }

  private static boolean same(byte[] known, ByteBuf buffer, int from, int length) {
    if (known.length != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (known[i] != buffer.getByte(from + i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the server has not been told the types yet, and this execution does not tell them. */
  boolean lacksTypes(int id, ByteBuf buffer, int index, int length) {
    var statement = byId.get(named(id));
    if (isEarly(id) || statement == null || statement.typed || statement.types == null) {
      return false;
    }
    execution.read(buffer, index, length, statement.parameters);
    if (execution.hasParameters() && !execution.bound() && !execution.readable()) {
      throw new MalformedPacketException("An execution that does not show what it lacks");
    }
    return execution.hasParameters() && !execution.bound();
  }

  /**
   * The execution with the types in it; takes the buffer over.
   *
   * @param buffer begins with the header of a wire packet; all before the types is there
   * @param id of a statement that {@link #lacksTypes}
   */
  ByteBuf withTypes(int id, ByteBuf buffer) {
    byte[] types = Objects.requireNonNull(byId.get(named(id)).types);
    int header = buffer.readerIndex();
    int length = buffer.getUnsignedMediumLE(header) + types.length;
    if (length >= PacketScanner.LARGEST) {
      buffer.release();
      throw new MalformedPacketException("An execution too large for the types of its parameters");
    }
    execution.announce(buffer);
    buffer.setMediumLE(header, length);
    int before = execution.from() - header;
    var whole = buffer.alloc().buffer(buffer.readableBytes() + types.length);
    whole.writeBytes(buffer, header, before).writeBytes(types);
    whole.writeBytes(buffer, header + before, buffer.readableBytes() - before);
    buffer.release();
    return whole;
  }

  /** Why they cannot be prepared elsewhere, if so. */
  void hindrances(int settings, Set<Hindrance> hindrances) {
    for (var statement : byId.values()) {
      if (statement.longData) {
        hindrances.add(Hindrance.LONG_DATA);
      }
      if (statement.text.isEmpty() || statement.settings != settings || statement.unreadableTypes) {
        hindrances.add(Hindrance.PREPARED);
      }
    }
  }

  /** In the order of their preparation. */
  List<Known.Statement> known() {
    var ordered = new ArrayList<>(byId.values());
    ordered.sort(Comparator.comparingInt(statement -> statement.order));
    var all = new ArrayList<Known.Statement>(ordered.size());
    for (var statement : ordered) {
      all.add(
          new Known.Statement(
              statement.id,
              statement.text.orElse(Bytes.NONE),
              statement.schema,
              statement.parameters,
              statement.described));
    }
    return all;
  }

  /** What another server has given, which knows no types yet. */
  static Ids fresh(Map<Integer, Integer> servers) {
    return new Ids(servers, Set.of());
  }

  /** Goes over to another server's ids and gives back the present ones. */
  Ids swap(Ids ids) {
    var present = new HashMap<Integer, Integer>();
    var typed = new HashSet<Integer>();
    for (var statement : byId.values()) {
      present.put(statement.id, statement.server);
      if (statement.typed) {
        typed.add(statement.id);
      }
      statement.server = ids.servers().getOrDefault(statement.id, NONE);
      statement.typed = ids.typed().contains(statement.id);
    }
    moved = true;
    return new Ids(present, typed);
  }

  private boolean attributes() {
    return capabilities.has(Capabilities.QUERY_ATTRIBUTES);
  }

  private void forget(@Nullable Statement statement) {
    if (statement != null) {
      texts -= statement.text.map(Bytes::length).orElse(0);
      if (statement.equals(latest)) {
        latest = null;
      }
    }
  }
}
