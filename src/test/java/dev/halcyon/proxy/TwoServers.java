package dev.halcyon.proxy;

import dev.halcyon.embedded.EmbeddedServer;
import dev.halcyon.embedded.Options;
import dev.halcyon.model.Engine;
import dev.halcyon.proxy.tls.TlsSettings;
import dev.halcyon.testing.Account;
import dev.halcyon.testing.Database;
import dev.halcyon.testing.Servers;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * A test's database, and a second server with a schema of that name and the same accounts. Nothing
 * is replicated: what a client writes shows where it was.
 */
final class TwoServers implements AutoCloseable {
  /** The {@code server_id} of each. */
  static final int HERE = 1;

  static final int THERE = 77;

  final Database here;
  final Database there;
  private final EmbeddedServer second;
  private final List<Account> accounts = new ArrayList<>();

  TwoServers(Database here) {
    this.here = here;
    second = Servers.startOwn(here.engine(), Options.defaults().with("server_id", "" + THERE));
    there = Database.fresh(second);
    there.execute(
        "CREATE DATABASE " + here.schema() + " CHARACTER SET utf8mb4", "USE " + here.schema());
  }

  /** Runs statements on both. */
  void execute(String... statements) {
    here.execute(statements);
    there.execute(statements);
  }

  /** Makes an account that proves itself as its server does by default. */
  Account account(String name) {
    return account(name, "IDENTIFIED BY");
  }

  /** Makes an account that proves itself by mysql_native_password. */
  Account oldAccount(String name) {
    return account(
        name,
        here.engine() == Engine.MYSQL
            ? "IDENTIFIED WITH mysql_native_password BY"
            : "IDENTIFIED BY");
  }

  private Account account(String name, String identified) {
    var account = new Account(name + "_" + here.schema(), "pass word'" + name);
    accounts.add(account);
    execute(
        "CREATE USER %s %s '%s'"
            .formatted(account.user(), identified, account.password().replace("'", "''")),
        "GRANT ALL ON " + here.schema() + ".* TO " + account.user());
    return account;
  }

  /** A proxy that knows all accounts so far. */
  ProxiedDatabase proxied(TlsSettings tls) {
    return new ProxiedDatabase(
        here,
        InetAddress.getLoopbackAddress(),
        second.port(),
        tls,
        ProxiedDatabase.known(here, accounts.toArray(Account[]::new)));
  }

  /** How many rows the tables of that name have together. */
  long count(String table) {
    return here.count(table) + there.count(table);
  }

  @Override
  public void close() {
    for (var account : accounts) {
      here.execute("DROP USER " + account.user());
    }
    there.close();
    second.close();
  }
}
