package dev.halcyon.proxy.move;

import dev.halcyon.proxy.wire.Capabilities;
import dev.halcyon.proxy.wire.OkPacket;
import dev.halcyon.proxy.wire.SessionChange;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes a fresh session the same as the one that a {@link Portrait} shows: all orders in one
 * exchange, its state read back at the end of it.
 */
public final class Copy {
  private static final String USER_REFUSAL = "a user variable of it is refused";

  /** So that what each server takes alone it does not refuse together. */
  private static final int LONGEST_SET = 1 << 16;

  private static final String COLLATION = "collation_connection";

  /** In the order in which they may be set: each may change what follows. */
  private static final List<String> CHARACTERS =
      List.of(
          "character_set_client", "character_set_results", "character_set_connection", COLLATION);

  /** The schema decides on these, for whoever has not set them since it came to the schema. */
  private static final List<String> OF_SCHEMA =
      List.of("character_set_database", "collation_database");

  private static final List<String> PARSING =
      List.of("sql_mode", "character_set_client", "character_set_connection");

  private final Portrait wanted;
  private final Known known;
  private final Portrait fresh;
  private final Catalog catalog;

  private final List<Order> orders = new ArrayList<>();

  /** By the place of its order, which answer it must have. */
  private final Map<Integer, String> purposes = new LinkedHashMap<>();

  private final Map<Integer, Known.Statement> prepares = new LinkedHashMap<>();
  private @Nullable String schema;
  private boolean renamed;
  private int reading;

  /** Is told once how it ends. */
  public interface Maker {
    /**
     * @param status of the session
     * @param statements the server's id of each prepared statement by the client's
     */
    void made(int status, Map<Integer, Integer> statements);

    /**
     * @param reason for people: a clause
     */
    void failed(String reason);
  }

  private Copy(Portrait wanted, Known known, Portrait fresh, Catalog catalog) {
    this.wanted = wanted;
    this.known = known;
    this.fresh = fresh;
    this.catalog = catalog;
  }

  /**
   * @param fresh the session as it was before
   * @param catalog of its server
   */
  public static void make(
      Channel channel,
      Capabilities capabilities,
      Portrait wanted,
      Known known,
      Portrait fresh,
      Catalog catalog,
      Maker maker) {
    try {
      new Copy(wanted, known, fresh, catalog).run(channel, capabilities, maker);
    } catch (UnmovableException unmovable) {
      maker.failed(unmovable.reason());
    }
  }

  private void run(Channel channel, Capabilities capabilities, Maker maker) {
    compose();
    Exchange.run(
        channel,
        capabilities,
        orders,
        new Exchange.End() {
          @Override
          public void answered(List<Answer> answers) {
            Map<Integer, Integer> statements;
            OkPacket last;
            try {
              statements = check(answers);
              last = verify(answers);
            } catch (UnmovableException unmovable) {
              maker.failed(unmovable.reason());
              return;
            }
            maker.made(last.status(), statements);
          }

          @Override
          public void broken(String reason) {
            maker.failed(reason);
          }
        });
  }

  private void compose() {
    if (!isAscii(wanted.variables().role()) || !isAscii(wanted.variables().schema())) {
      add("its character set is refused", "SET NAMES utf8mb4");
      renamed = true;
    }
    role();
    userVariables();
    String lastSchema = wanted.variables().schema();
    use(lastSchema);
    characterSets();
    systemVariables();
    ofSchema();
    known
        .severalStatements()
        .ifPresent(allowed -> order("its option is refused", new Order.SeveralStatements(allowed)));
    if (known.doubtful() && !known.statements().isEmpty()) {
      requireSameParsing();
    }
    for (var statement : known.statements()) {
      use(statement.schema());
      prepares.put(orders.size(), statement);
      orders.add(new Order.Prepare(statement.text()));
    }
    use(lastSchema);
    singleValues();
    reading = orders.size();
    orders.addAll(catalog.question(wanted.names()).orders());
    if (!wanted.userVariables().isEmpty()) {
      orders.addAll(UserVariable.orders(userNames()));
    }
    transaction();
  }

  /** Statements were prepared by what has been told, if that is still so. */
  private void requireSameParsing() {
    for (var name : PARSING) {
      var told = known.parsing().get(name);
      var before = told == null ? before(name) : told;
      var now = wanted.variables().values().get(name);
      if (!Objects.equals(before, now) && !(now == null && "".equals(before))) {
        throw new UnmovableException(
            "its " + name + " may have been another when its statements were prepared");
      }
    }
  }

  private void role() {
    var role = wanted.variables().role();
    if (Objects.equals(role, fresh.variables().role())) {
      return;
    }
    String text = role == null ? "NONE" : role.startsWith("`") ? role : Sql.name(role);
    add("its role is refused", "SET ROLE " + text);
  }

  /** Once in a schema, no session can be in none. */
  private void use(@Nullable String name) {
    if (Objects.equals(schema, name)) {
      return;
    }
    if (name == null) {
      throw new UnmovableException("it has prepared statements of before it had a schema");
    }
    schema = name;
    add("its schema is refused", "USE " + Sql.name(name));
  }

  /**
   * By SET NAMES if a client may have done so: it decides on a collation for results as well, which
   * no variable shows.
   */
  private void characterSets() {
    var values = wanted.variables().values();
    boolean same =
        CHARACTERS.stream().allMatch(name -> Objects.equals(values.get(name), before(name)));
    if (same && !renamed) {
      return;
    }
    var client = values.get(CHARACTERS.getFirst());
    String collation = String.valueOf(values.get(COLLATION));
    String refusal = "its character set is refused";
    if (client != null
        && client.equals(values.get("character_set_results"))
        && client.equals(values.get("character_set_connection"))) {
      add(refusal, "SET NAMES " + client + " COLLATE " + collation);
      return;
    }
    var settings = new ArrayList<String>();
    for (var name : CHARACTERS) {
      boolean follows = name.equals(COLLATION) && !settings.isEmpty();
      if (renamed || follows || !Objects.equals(values.get(name), before(name))) {
        settings.add("SESSION " + name + " = " + Sql.literal(values.get(name), false));
      }
    }
    set(refusal, settings);
  }

  private void systemVariables() {
    var settings = new ArrayList<String>();
    wanted
        .variables()
        .values()
        .forEach(
            (name, value) -> {
              if (!catalog.has(name)) {
                throw new UnmovableException("the server has no variable " + name);
              }
              if (!CHARACTERS.contains(name)
                  && !OF_SCHEMA.contains(name)
                  && !Objects.equals(before(name), value)) {
                settings.add(
                    "SESSION "
                        + Sql.name(name)
                        + " = "
                        + Sql.literal(value, catalog.isNumber(name)));
              }
            });
    set("its settings are refused", settings);
  }

  /**
   * On MariaDB a reset of the connection takes them back to the server's default, and everybody may
   * set them. On MySQL hardly anybody may.
   */
  private void ofSchema() {
    var values = wanted.variables().values();
    var settings = new ArrayList<String>();
    for (var name : OF_SCHEMA) {
      if (catalog.mariadb() && values.containsKey(name)) {
        settings.add("SESSION " + name + " = " + Sql.literal(values.get(name), false));
      }
    }
    set("its schema's character set is refused", settings);
  }

  private void userVariables() {
    var settings = new ArrayList<String>();
    int length = 0;
    for (var variable : wanted.userVariables()) {
      var setting = variable.assignment();
      if (length + setting.length() > LONGEST_SET) {
        set(USER_REFUSAL, settings);
        settings.clear();
        length = 0;
      }
      settings.add(setting);
      length += setting.length();
    }
    set(USER_REFUSAL, settings);
  }

  /** One statement for all, in this order. */
  private void set(String refusal, List<String> settings) {
    if (!settings.isEmpty()) {
      add(refusal, "SET " + String.join(", ", settings));
    }
  }

  /** What it is in the fresh session. */
  private @Nullable String before(String name) {
    var own = fresh.variables().values();
    return own.containsKey(name) ? own.get(name) : catalog.value(name);
  }

  private static boolean isAscii(@Nullable String text) {
    return text == null || text.chars().allMatch(c -> c < 0x80);
  }

  /** What the next statement may use up comes last. */
  private void singleValues() {
    var variables = wanted.variables();
    var settings = new ArrayList<String>();
    if (!variables.lastInsertId().equals("0")) {
      settings.add("last_insert_id = " + variables.lastInsertId());
    }
    if (!variables.insertId().equals("0")) {
      settings.add("insert_id = " + variables.insertId());
    }
    if (variables.seeds().size() == 2) {
      settings.add("rand_seed1 = " + variables.seeds().getFirst());
      settings.add("rand_seed2 = " + variables.seeds().getLast());
    }
    variables.clock().ifPresent(time -> settings.add("timestamp = " + time));
    set("a setting of its next statements is refused", settings);
  }

  private void transaction() {
    for (var statement : known.characteristics().split(";")) {
      if (!statement.isBlank()) {
        add("its transaction is refused", statement.strip());
      }
    }
  }

  private List<String> userNames() {
    return wanted.userVariables().stream().map(UserVariable::name).toList();
  }

  private void add(String refusal, String sql) {
    order(refusal, new Order.Query(sql));
  }

  private void order(String refusal, Order order) {
    purposes.put(orders.size(), refusal);
    orders.add(order);
  }

  /** Whether each order was carried out; the server's ids of the statements. */
  private Map<Integer, Integer> check(List<Answer> answers) {
    purposes.forEach(
        (place, refusal) -> {
          switch (answers.get(place)) {
            case Answer.Done _ -> {}
            case Answer.Refused refused -> throw Replies.refused(refusal, refused);
            case Answer.Rows _, Answer.Prepared _ ->
                throw new UnmovableException(refusal + " by an unexpected answer");
          }
        });
    var statements = new LinkedHashMap<Integer, Integer>();
    prepares.forEach(
        (place, statement) -> {
          switch (answers.get(place)) {
            case Answer.Prepared prepared -> {
              compare(statement, prepared);
              statements.put(statement.id(), prepared.statement());
            }
            case Answer.Refused refused ->
                throw Replies.refused("a prepared statement of it is refused", refused);
            case Answer.Rows _, Answer.Done _ ->
                throw new UnmovableException("a prepared statement of it is not prepared");
          }
        });
    return statements;
  }

  private static void compare(Known.Statement statement, Answer.Prepared prepared) {
    if (prepared.parameters() != statement.parameters()) {
      throw new UnmovableException("a prepared statement has another number of parameters there");
    }
    if (statement.definitions().isPresent()
        && statement.definitions().get() != prepared.definitions()) {
      throw new UnmovableException(
          "a prepared statement has other columns there, and the client would not be told");
    }
  }

  /** The last OK, which tells how the session stands. */
  private OkPacket verify(List<Answer> answers) {
    var variables = Variables.read(wanted.names(), answers.subList(reading, reading + 2));
    differ(variables);
    if (!wanted.userVariables().isEmpty()) {
      var users = UserVariable.read(userNames(), answers.subList(reading + 2, reading + 4));
      if (!users.equals(wanted.userVariables())) {
        throw new UnmovableException("its user variables have other values or types there");
      }
    }
    return transaction(answers);
  }

  private void differ(Variables made) {
    var before = wanted.variables();
    if (made.equals(before)) {
      return;
    }
    for (var entry : before.values().entrySet()) {
      String value = made.values().get(entry.getKey());
      if (!Objects.equals(entry.getValue(), value)) {
        throw new UnmovableException(
            "its %s would be '%s' there and not '%s'"
                .formatted(entry.getKey(), value, entry.getValue()));
      }
    }
    throw new UnmovableException("it would be '%s' there and not '%s'".formatted(made, before));
  }

  /** The server itself tells what the next transaction will be like, or how the present one is. */
  private OkPacket transaction(List<Answer> answers) {
    OkPacket last =
        switch (answers.getLast()) {
          case Answer.Done(var ok) -> ok;
          case Answer.Rows rows -> rows.end();
          case Answer.Prepared _, Answer.Refused _ ->
              throw new UnmovableException("the server answers what was not asked");
        };
    String flags = Known.NO_TRANSACTION;
    String characteristics = "";
    for (var answer : answers.subList(reading, answers.size())) {
      if (answer instanceof Answer.Done(var ok)) {
        for (var change : ok.changes()) {
          if (change instanceof SessionChange.Transaction(String told)) {
            flags = told;
          } else if (change instanceof SessionChange.Characteristics(String told)) {
            characteristics = told;
          }
        }
      }
    }
    if (!characteristics.equals(known.characteristics()) || !flags.equals(known.transaction())) {
      throw new UnmovableException("its next transaction would be another there");
    }
    return last;
  }
}
