package dev.halcyon.mysql;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.sql.Sql;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A schema of our own on the user's server, to try statements in. It is kept out of the binary log
 * where the account may, and dropped at close.
 *
 * <p>The owner's session holds a user lock of the schema's name for as long as it lives: who can
 * take that lock may drop the schema. The connection's id alone would not tell, since the server
 * gives it out again after a restart.
 *
 * <p>While a scratch is open its session is for nothing else: names without a schema mean the
 * scratch. For one thread.
 */
public final class Scratch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Scratch.class);
  static final String PREFIX = "halcyon_scratch_";
  private static final int SCHEMA_DENIED = 1044;

  private final Session session;
  private final String real;
  private final String schema;
  private final boolean logged;

  private Scratch(Session session, String real, String schema, boolean logged) {
    this.session = session;
    this.real = real;
    this.schema = schema;
    this.logged = logged;
  }

  /**
   * Drops what dead runs left, makes the schema with the real one's character set, and changes the
   * session over to it.
   *
   * @param real the schema that is to be copied from
   * @throws dev.halcyon.model.Refusal HAL-116 when the account may not make schemas
   */
  public static Scratch open(Session session, String real) {
    return open(
        session,
        real,
        String.format(
            Locale.ROOT,
            "%s%d_%08x",
            PREFIX,
            session.connectionId(),
            ThreadLocalRandom.current().nextInt()));
  }

  /** A schema of the same name on another server. */
  public Scratch beside(Session other, String otherReal) {
    return open(other, otherReal, schema);
  }

  private static Scratch open(Session session, String real, String schema) {
    boolean logged = !outOfBinaryLog(session);
    removeAbandoned(session);
    Row text =
        session
            .first(
                "SELECT default_character_set_name AS characters, default_collation_name AS"
                    + " collation FROM information_schema.schemata WHERE schema_name = ?",
                real)
            .orElseThrow(
                () -> ErrorCode.SCHEMA_MISSING.refuse("There is no schema " + real + ".", ""));
    var scratch = new Scratch(session, real, schema, logged);
    take(session, schema);
    try {
      session.execute(
          "CREATE DATABASE "
              + Sql.name(schema)
              + " CHARACTER SET "
              + text.string("characters")
              + " COLLATE "
              + text.string("collation"));
    } catch (Fault.Refused refused) {
      scratch.giveBack();
      if (refused.code() == SCHEMA_DENIED) {
        throw ErrorCode.GRANT_MISSING.refuse(
            "The account may not make the scratch schema that a change is rehearsed in: "
                + refused.detail(),
            "GRANT ALL ON `halcyon\\_scratch\\_%`.* TO the account");
      }
      throw refused;
    }
    session.execute("USE " + Sql.name(schema));
    return scratch;
  }

  /** As {@link #removeAbandoned}, out of the binary log where the account may. */
  public static int sweep(Session session) {
    boolean logged = !outOfBinaryLog(session);
    int removed = removeAbandoned(session);
    if (!logged) {
      session.execute("SET SESSION sql_log_bin = 1");
    }
    return removed;
  }

  /**
   * Drops every scratch schema whose owner is gone, but for those that the account may not drop.
   *
   * @return how many
   */
  public static int removeAbandoned(Session session) {
    int removed = 0;
    for (Row row :
        session.query(
            "SELECT schema_name AS name FROM information_schema.schemata WHERE LEFT(schema_name, ?)"
                + " = ?",
            PREFIX.length(),
            PREFIX)) {
      String schema = row.string("name");
      if (taken(session, schema)) {
        try {
          session.execute("DROP DATABASE IF EXISTS " + Sql.name(schema));
          log.info("removed {}, which a run left that has ended", schema);
          removed++;
        } catch (Fault.Refused refused) {
          log.warn("{} is left to who may drop it: {}", schema, refused.detail());
        } finally {
          release(session, schema);
        }
      }
    }
    return removed;
  }

  public String schema() {
    return schema;
  }

  /** Whether the binary log tells of this schema, because the account may not leave it out. */
  public boolean logged() {
    return logged;
  }

  /** The server's words with the real schema's name for the scratch's. */
  String inRealWords(String words) {
    return words.replace(schema, real);
  }

  /** Drops the schema; a session that was lost leaves it to the next run. */
  @Override
  public void close() {
    try {
      session.execute("DROP DATABASE IF EXISTS " + Sql.name(schema));
      session.execute("USE " + Sql.name(real));
      giveBack();
    } catch (Fault fault) {
      log.warn("{} is left to the next run: {}", schema, fault.detail());
    }
  }

  private void giveBack() {
    release(session, schema);
    if (!logged) {
      session.execute("SET SESSION sql_log_bin = 1");
    }
  }

  private static boolean outOfBinaryLog(Session session) {
    try {
      session.execute("SET SESSION sql_log_bin = 0");
      return true;
    } catch (Fault.Refused refused) {
      log.debug("the scratch schema stands in the binary log: {}", refused.detail());
      return false;
    }
  }

  private static void take(Session session, String schema) {
    if (!taken(session, schema)) {
      throw new IllegalStateException("another run has " + schema);
    }
  }

  private static boolean taken(Session session, String schema) {
    return session
        .first("SELECT GET_LOCK(?, 0) AS taken", schema)
        .map(row -> !row.isNull("taken") && row.isTrue("taken"))
        .orElse(false);
  }

  private static void release(Session session, String schema) {
    var _ = session.first("SELECT RELEASE_LOCK(?) AS released", schema);
  }
}
