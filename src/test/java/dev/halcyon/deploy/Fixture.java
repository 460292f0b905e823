package dev.halcyon.deploy;

import dev.halcyon.journal.Holder;
import dev.halcyon.journal.LeaseTimes;
import dev.halcyon.model.Version;
import dev.halcyon.mysql.Catalog;
import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.mysql.Pace;
import dev.halcyon.mysql.Patience;
import dev.halcyon.mysql.Server;
import dev.halcyon.mysql.Throttle;
import dev.halcyon.plan.Algorithm;
import dev.halcyon.plan.Delta;
import dev.halcyon.plan.Limits;
import dev.halcyon.plan.Plan;
import dev.halcyon.plan.Step;
import dev.halcyon.progress.Event;
import dev.halcyon.progress.Events;
import dev.halcyon.sql.Script;
import dev.halcyon.testing.Database;
import dev.halcyon.usage.UsageSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;

/**
 * A schema with a table of users, a folder with the change that renames users.email, and that
 * change's plan made by hand.
 */
final class Fixture {
  static final Version V12 = new Version("12");
  static final String FILE = "V12__email_address.sql";

  private static final String USERS =
      "CREATE TABLE users (id INT PRIMARY KEY, email VARCHAR(100) NOT NULL DEFAULT '')";
  private static final String ROWS =
      "INSERT INTO users VALUES (1, 'a@x'), (2, 'b@x'), (3, 'c@x'), (4, 'd@x')";
  private static final String ADD =
      "ALTER TABLE users ADD COLUMN email_address VARCHAR(100), ALGORITHM=INSTANT";
  private static final String SYNC =
      "CREATE TRIGGER hal_12_users_bi BEFORE INSERT ON users FOR EACH ROW"
          + " SET NEW.email_address = NEW.email";
  private static final String UNSYNC = "DROP TRIGGER hal_12_users_bi";
  private static final String DROP_OLD = "ALTER TABLE users DROP COLUMN email";
  private static final String DROP_NEW = "ALTER TABLE users DROP COLUMN email_address";

  final Database database;
  final Path folder;
  final List<Event> events = new CopyOnWriteArrayList<>();
  String url;
  StopSignal stop = StopSignal.NEVER;
  IntConsumer journalWrites = count -> {};
  UnaryOperator<Plan> changed = UnaryOperator.identity();
  int planned;

  Fixture(Database database, Path folder) {
    this.database = database;
    this.folder = folder;
    this.url = database.url();
    database.execute(USERS, ROWS);
    write(FILE, "ALTER TABLE users RENAME COLUMN email TO email_address;\n");
  }

  void write(String file, String text) {
    try {
      Files.writeString(folder.resolve(file), text);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  Server server() {
    return Server.connect(new ConnectionSettings(url, database.user(), database.password()));
  }

  DeploySettings settings() {
    return new DeploySettings(
        server(),
        folder,
        Holder.current("test"),
        new LeaseTimes(Duration.ofMillis(200), Duration.ofSeconds(5), Duration.ofSeconds(20)),
        new Patience(Duration.ofSeconds(1), Duration.ofSeconds(10)),
        Pace.DEFAULT,
        Throttle.OFF,
        new Limits(1000),
        event -> {
          events.add(event);
          Events.NONE.on(event);
        },
        stop,
        journalWrites,
        UsageSettings.DEFAULT);
  }

  Deployment deployment() {
    return new Deployment(
        settings(),
        (scripts, windows) -> {
          planned += scripts.size();
          return scripts.stream().map(script -> changed.apply(plan(script))).toList();
        });
  }

  String state() {
    return database.value(
        "SELECT COALESCE(c.state, e.state) FROM halcyon_expand_version e"
            + " LEFT JOIN halcyon_contract_version c ON c.version = e.version"
            + " WHERE e.version = '12'");
  }

  List<String> columns() {
    return database.strings(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE()"
            + " AND table_name = 'users' ORDER BY ordinal_position");
  }

  /** The plan, with what each statement changes found out in a schema of its own. */
  private Plan plan(Script script) {
    try (var scratch = Database.fresh(database.server())) {
      scratch.execute(USERS);
      var expand =
          List.of(
              ddl(scratch, "expand.1", ADD),
              ddl(scratch, "expand.2", SYNC),
              new Step.Backfill(
                  "expand.3",
                  "backfill users.email_address",
                  "users",
                  List.of("id"),
                  "users",
                  List.of("UPDATE users SET email_address = email WHERE {range}"),
                  true,
                  4));
      var contract =
          List.of(ddl(scratch, "contract.1", UNSYNC), ddl(scratch, "contract.2", DROP_OLD));
      scratch.execute("DROP TABLE users", USERS, ADD, SYNC);
      var rollback =
          List.of(ddl(scratch, "rollback.1", UNSYNC), ddl(scratch, "rollback.2", DROP_NEW));
      var verify =
          new Step.Verify(
              "verify.1",
              "compare users.email",
              "users",
              List.of("id"),
              "users",
              "users",
              List.of(
                  new Step.Verify.Fault(
                      "differs",
                      "NOT (email <=> email_address)",
                      "email_address is not what email maps to")),
              false,
              4,
              "HAL-501");
      return new Plan(
          script.version(),
          script.description(),
          script.checksum(),
          database.schema(),
          List.copyOf(expand),
          List.of(verify),
          List.copyOf(contract),
          List.copyOf(rollback),
          List.of("users.email", "users.email_address"),
          List.of());
    }
  }

  Step.Ddl ddl(Database scratch, String id, String sql) {
    var before = elements(scratch);
    scratch.execute(sql);
    var after = elements(scratch);
    var deltas = new ArrayList<Delta>();
    var names = new TreeSet<>(before.keySet());
    names.addAll(after.keySet());
    for (var name : names) {
      if (!Objects.equals(before.get(name), after.get(name))) {
        deltas.add(
            new Delta(
                name,
                Optional.ofNullable(before.get(name)).orElse(null),
                Optional.ofNullable(after.get(name)).orElse(null)));
      }
    }
    return new Step.Ddl(id, sql, "users", sql, Algorithm.NONE, Step.Conditions.STRICT, deltas);
  }

  private Map<String, String> elements(Database scratch) {
    var connection = new ConnectionSettings(scratch.url(), scratch.user(), scratch.password());
    try (var session = Server.connect(connection).open("elements")) {
      return Catalog.elements(
          session, scratch.schema(), List.of("table users", "trigger hal_12_users_bi"));
    }
  }
}
