package dev.halcyon.pair.start;

import dev.halcyon.model.Engine;
import dev.halcyon.mysql.Row;
import dev.halcyon.mysql.Session;
import dev.halcyon.sql.Sql;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Copies accounts and roles with their passwords and grants. One that is there already keeps its
 * password and gets the grants.
 */
final class AccountCopy {
  private static final Set<String> OWN =
      Set.of("mysql.session", "mysql.sys", "mysql.infoschema", "mariadb.sys", "root", "PUBLIC", "");

  private final Session source;
  private final Session target;
  private final List<String> accounts;
  private final List<String> roles;

  AccountCopy(Session source, Session target) {
    this.source = source;
    this.target = target;
    this.accounts = names(source, false);
    this.roles = names(source, true);
  }

  /**
   * Makes those that are missing. Programs may need them as definers.
   *
   * @return how many
   */
  int make() {
    if (source.engine() == Engine.MYSQL && source.version().atLeast(8, 0, 17)) {
      source.execute("SET SESSION print_identified_with_as_hex = ON");
    }
    var there = new HashSet<>(names(target, false));
    var thereRoles = new HashSet<>(names(target, true));
    var missing = new ArrayList<String>();
    for (String role : roles) {
      if (!thereRoles.contains(role)) {
        missing.add("CREATE ROLE " + role);
      }
    }
    for (String account : accounts) {
      if (!there.contains(account)) {
        missing.add(source.first("SHOW CREATE USER " + account).orElseThrow().string(1));
      }
    }
    Attempts.all(missing, sql -> Secret.execute(target, sql, "copy an account"));
    return missing.size();
  }

  /** Gives what may be given on tables and programs, once they are there. */
  void grant() {
    var me = quoted(source.first("SELECT CURRENT_USER() AS me").orElseThrow().string("me"));
    var grants = new ArrayList<String>();
    roles.forEach(role -> grants.addAll(grants(source, role)));
    for (String account : accounts) {
      if (!account.equals(me)) {
        grants.addAll(grants(source, account));
      }
    }
    Attempts.all(grants, sql -> Secret.execute(target, sql, "copy a grant"));
  }

  private static List<String> grants(Session source, String account) {
    return source.query("SHOW GRANTS FOR " + account).stream().map(row -> row.string(1)).toList();
  }

  private static String quoted(String account) {
    int at = account.lastIndexOf('@');
    return Sql.literal(account.substring(0, at)) + "@" + Sql.literal(account.substring(at + 1));
  }

  /** MariaDB's roles are no accounts; those of MySQL are. */
  private static List<String> names(Session session, boolean roles) {
    if (roles && session.engine() == Engine.MYSQL) {
      return List.of();
    }
    var kind =
        switch (session.engine()) {
          case MARIADB -> " WHERE is_role = '" + (roles ? "Y" : "N") + "'";
          case MYSQL -> "";
        };
    var names = new ArrayList<String>();
    for (Row row : session.query("SELECT user AS name, host AS host FROM mysql.user" + kind)) {
      var name = row.string("name");
      if (!OWN.contains(name)) {
        names.add(
            roles ? Sql.name(name) : Sql.literal(name) + "@" + Sql.literal(row.string("host")));
      }
    }
    return names;
  }
}
