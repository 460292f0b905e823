package dev.halcyon.demo;

import dev.halcyon.mysql.Row;
import dev.halcyon.mysql.Session;
import java.util.List;

/** How a version of the web application keeps users and their addresses. Stateless. */
sealed interface UserStore {
  /** How many users a list shows. */
  int LATEST = 20;

  /** One user; version 1 knows one address at most. */
  record User(long id, String name, List<Address> addresses) {}

  /** One address. */
  record Address(String line1) {}

  List<User> latest(Session session);

  /** The user of this number, or nobody. */
  List<User> one(Session session, long id);

  /**
   * @return the new user's number
   */
  long add(Session session, String name, String line1);

  private static User user(Row row) {
    String line = row.stringOrNull("line1");
    return new User(
        row.longValue("id"),
        row.string("name"),
        line == null ? List.of() : List.of(new Address(line)));
  }

  private static long inserted(Session session) {
    return session.query("SELECT LAST_INSERT_ID() AS id").getFirst().longValue("id");
  }

  /** Version 1: the address is in columns of users. */
  record Old() implements UserStore {
    private static final String USERS =
        "SELECT id, username AS name, address_line_1 AS line1 FROM users ";

    @Override
    public List<User> latest(Session session) {
      return session.query(USERS + "ORDER BY id DESC LIMIT " + LATEST).stream()
          .map(UserStore::user)
          .toList();
    }

    @Override
    public List<User> one(Session session, long id) {
      return session.query(USERS + "WHERE id = ?", id).stream().map(UserStore::user).toList();
    }

    @Override
    public long add(Session session, String name, String line1) {
      session.update("INSERT INTO users (username, address_line_1) VALUES (?, ?)", name, line1);
      return inserted(session);
    }
  }

  /** Version 2: addresses have a table of their own. */
  record New() implements UserStore {
    /** Costs as much for many users as for few. */
    private static final String USERS =
        "SELECT u.id, u.username AS name, (SELECT MIN(a.address_line_1) FROM addresses a"
            + " WHERE a.user_id = u.id) AS line1 FROM users u ";

    @Override
    public List<User> latest(Session session) {
      return session.query(USERS + "ORDER BY u.id DESC LIMIT " + LATEST).stream()
          .map(UserStore::user)
          .toList();
    }

    @Override
    public List<User> one(Session session, long id) {
      return session.query(USERS + "WHERE u.id = ?", id).stream().map(UserStore::user).toList();
    }

    @Override
    public long add(Session session, String name, String line1) {
      return session.inTransaction(
          () -> {
            session.update("INSERT INTO users (username) VALUES (?)", name);
            long id = inserted(session);
            session.update(
                "INSERT INTO addresses (user_id, address_line_1) VALUES (?, ?)", id, line1);
            return id;
          });
    }
  }
}
