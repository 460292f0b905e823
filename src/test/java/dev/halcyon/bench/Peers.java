package dev.halcyon.bench;

import dev.halcyon.model.Engine;
import dev.halcyon.testing.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The ways to make one column of the bench's table wider: the server's own, pt-osc, Halcyon. */
final class Peers {
  static final String COPY = "copy, writers wait";
  static final String ONLINE = "its own online copy";
  static final String IN_PLACE = "in place";
  static final String PT = "pt-osc";
  static final String HALCYON = "Halcyon";

  private static final String CLAUSE = "MODIFY amount_cents BIGINT NOT NULL";
  private static final String CHANGE = "ALTER TABLE orders " + CLAUSE;
  private static final String TOOL = "pt-online-schema-change";

  private final Database database;

  /** Of the program, which writes its settings where it is run. */
  private final Path folder;

  private final String launcher;
  private String said = "";

  Peers(Database database) throws IOException, InterruptedException {
    this.database = database;
    this.folder = Files.createTempDirectory(Path.of("target"), "bench-");
    this.launcher = Path.of("halcyon").toAbsolutePath().toString();
    var init = Usage.await(halcyon("init"), new long[1]);
    if (!init.startsWith("0:")) {
      throw new IllegalStateException("init failed: " + init);
    }
    if (hasTool()) {
      database.execute(
          "CREATE USER IF NOT EXISTS 'pt'@'%' IDENTIFIED "
              + (database.engine() == Engine.MYSQL ? "WITH mysql_native_password BY" : "BY")
              + " 'pt'",
          "GRANT ALL ON *.* TO 'pt'@'%'");
    } else {
      System.out.println("  " + TOOL + " IS NOT INSTALLED (Debian: percona-toolkit): left out");
    }
  }

  /** What the last one wrote. */
  String said() {
    return said;
  }

  /** In the order in which they are tried. */
  Map<String, Usage.Work> all() {
    var peers = new LinkedHashMap<String, Usage.Work>();
    peers.put(COPY, () -> sql(CHANGE + ", ALGORITHM=COPY, LOCK=SHARED"));
    if (database.engine() == Engine.MARIADB) {
      peers.put(ONLINE, () -> sql(CHANGE + ", ALGORITHM=COPY, LOCK=NONE"));
    }
    peers.put(
        IN_PLACE, () -> sql("ALTER TABLE orders ENGINE=InnoDB, ALGORITHM=INPLACE, LOCK=NONE"));
    if (hasTool()) {
      peers.put(PT, () -> process(pt()));
    }
    peers.put(HALCYON, rebuild());
    return peers;
  }

  Usage.Work rebuild() {
    return () -> process(halcyon("alter", "--way=rebuild", CHANGE));
  }

  private long sql(String statement) {
    database.execute(statement);
    said = "";
    return 0;
  }

  private long process(ProcessBuilder builder) throws IOException, InterruptedException {
    var memory = new long[1];
    said = Usage.await(builder, memory);
    if (!said.startsWith("0:")) {
      throw new IllegalStateException(said);
    }
    said = said.lines().reduce((_, last) -> last).orElse("");
    return memory[0];
  }

  private static boolean hasTool() {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, TOOL)));
  }

  private ProcessBuilder pt() {
    var dsn =
        "h=127.0.0.1,P=%d,u=pt,p=pt,D=%s,t=orders"
            .formatted(database.server().port(), database.schema());
    return new ProcessBuilder(
            List.of(
                TOOL,
                "--execute",
                "--alter=" + CLAUSE,
                "--recursion-method=none",
                "--no-version-check",
                dsn))
        .redirectErrorStream(true);
  }

  private ProcessBuilder halcyon(String... arguments) {
    var builder = new ProcessBuilder(launcher).directory(folder.toFile());
    builder.command().addAll(List.of(arguments));
    builder.environment().put("JDK_JAVA_OPTIONS", "-Xmx256m");
    builder.environment().put("HALCYON_URL", database.url());
    builder.environment().put("HALCYON_USER", database.user());
    builder.environment().put("HALCYON_PASSWORD", database.password());
    return builder.redirectError(ProcessBuilder.Redirect.DISCARD);
  }
}
