package dev.halcyon.proxy;

import dev.halcyon.proxy.login.Accounts;
import dev.halcyon.proxy.login.LoginRules;
import dev.halcyon.proxy.login.Secret;
import dev.halcyon.proxy.move.Answer;
import dev.halcyon.proxy.move.Catalog;
import dev.halcyon.proxy.move.Exchange;
import dev.halcyon.proxy.move.Order;
import dev.halcyon.proxy.wire.Bytes;
import dev.halcyon.proxy.wire.Capabilities;
import dev.halcyon.proxy.wire.LoginRequest;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A session of the proxy's own on a server, to learn what moves need to know about the server. On
 * the event loop only.
 */
final class Scout {
  /** MySQL shows the user variables of all sessions to an account that may see them. */
  private static final Order USER_VARIABLES =
      new Order.Query(
          """
          SELECT t.processlist_id, CONVERT(v.variable_name USING utf8mb4)
            FROM performance_schema.user_variables_by_thread v
            JOIN performance_schema.threads t USING (thread_id)
           WHERE @@performance_schema
          """);

  /** A routine may have taken one, which no text shows. Read as far as the server tells it. */
  private static final Order USER_LOCKS =
      new Order.Query(
          """
          SELECT t.processlist_id, ''
            FROM performance_schema.metadata_locks m
            JOIN performance_schema.threads t ON t.thread_id = m.owner_thread_id
           WHERE m.object_type = 'USER LEVEL LOCK'
          """);

  private static final Order ENABLED = new Order.Query("SELECT @@performance_schema");

  private final Channel channel;
  private final Capabilities capabilities;
  private final boolean mariadb;
  private final boolean seesUserVariables;
  private final Catalog catalog;

  private Scout(ServerDoor.Opened session, boolean seesUserVariables, Catalog catalog) {
    this.channel = session.channel();
    this.capabilities = session.entry().capabilities();
    this.mariadb = session.mariadb();
    this.seesUserVariables = seesUserVariables;
    this.catalog = catalog;
  }

  boolean mariadb() {
    return mariadb;
  }

  Catalog catalog() {
    return catalog;
  }

  /**
   * What is seen of all sessions from outside, by the server's connection id.
   *
   * @param userVariables the names of those of sessions that have any; empty if they cannot be
   *     known; on MariaDB each session knows its own
   * @param lockers sessions that have a lock of GET_LOCK, as far as this server tells
   */
  record Sights(Optional<Map<Long, List<String>>> userVariables, Set<Long> lockers) {}

  /** Looks at all sessions. */
  void look(Consumer<Sights> seen) {
    boolean asks = !mariadb && seesUserVariables;
    Exchange.run(
        channel,
        capabilities,
        asks ? List.of(USER_LOCKS, USER_VARIABLES) : List.of(USER_LOCKS),
        new Exchange.End() {
          @Override
          public void answered(List<Answer> answers) {
            var lockers =
                answers.getFirst() instanceof Answer.Rows rows
                    ? names(rows).keySet()
                    : Set.<Long>of();
            seen.accept(
                new Sights(
                    asks && answers.getLast() instanceof Answer.Rows rows
                        ? Optional.of(names(rows))
                        : Optional.empty(),
                    lockers));
          }

          @Override
          public void broken(String reason) {
            seen.accept(new Sights(Optional.empty(), Set.of()));
          }
        });
  }

  private static Map<Long, List<String>> names(Answer.Rows rows) {
    Map<Long, List<String>> names = new HashMap<>();
    for (var row : rows.rows()) {
      Bytes id = row.get(0);
      Bytes name = row.get(1);
      if (id != null && name != null) {
        names.computeIfAbsent(Long.valueOf(id.utf8()), _ -> new ArrayList<>()).add(name.utf8());
      }
    }
    return names;
  }

  boolean isAlive() {
    return channel.isActive();
  }

  void leave() {
    ServerDoor.leave(channel);
  }

  /** Is told once how it ends. */
  interface Sender {
    void back(Scout scout);

    /**
     * @param reason for people: a clause
     */
    void lost(String reason);
  }

  static void send(
      ProxyLoop loop,
      LoginRules rules,
      InetSocketAddress address,
      Accounts accounts,
      Sender sender) {
    new Search(loop, rules, address, accounts, sender).next();
  }

  /** For the first account that may log in; on MySQL for one that sees user variables, if any. */
  private static final class Search {
    private final ProxyLoop loop;
    private final LoginRules rules;
    private final InetSocketAddress address;
    private final Deque<Map.Entry<String, Secret>> accounts;
    private final Sender sender;
    private ServerDoor.@Nullable Opened first;
    private String refusal = "no account may log in";

    private Search(
        ProxyLoop loop,
        LoginRules rules,
        InetSocketAddress address,
        Accounts accounts,
        Sender sender) {
      this.loop = loop;
      this.rules = rules;
      this.address = address;
      this.accounts = new ArrayDeque<>(accounts.secrets().entrySet());
      this.sender = sender;
    }

    private void next() {
      var account = accounts.pollFirst();
      var fallback = first;
      if (account == null && fallback != null) {
        read(fallback, false);
      } else if (account == null) {
        sender.lost(refusal);
      } else {
        open(account.getKey(), account.getValue());
      }
    }

    private void open(String user, Secret secret) {
      ServerDoor.open(
          loop,
          rules,
          address,
          greeting ->
              LoginRequest.bare(Bytes.utf8(user), greeting)
                  .with(
                      Capabilities.TRANSACTIONS
                          | Capabilities.SESSION_TRACK
                          | Capabilities.DEPRECATE_EOF),
          secret,
          new ServerDoor.Caller() {
            @Override
            public void opened(ServerDoor.Opened session) {
              if (session.mariadb()) {
                read(session, false);
              } else {
                look(session);
              }
            }

            @Override
            public void refused(String reason) {
              refusal = reason;
              next();
            }
          });
    }

    private void look(ServerDoor.Opened session) {
      Exchange.run(
          session.channel(),
          session.entry().capabilities(),
          List.of(ENABLED, USER_VARIABLES),
          new Exchange.End() {
            @Override
            public void answered(List<Answer> answers) {
              if (isOn(answers.get(0)) && answers.get(1) instanceof Answer.Rows) {
                leaveFirst();
                read(session, true);
              } else if (first == null) {
                first = session;
                next();
              } else {
                ServerDoor.leave(session.channel());
                next();
              }
            }

            @Override
            public void broken(String reason) {
              refusal = reason;
              next();
            }
          });
    }

    private static boolean isOn(Answer answer) {
      return answer instanceof Answer.Rows rows
          && rows.rows().size() == 1
          && Bytes.utf8("1").equals(rows.rows().getFirst().getFirst());
    }

    private void leaveFirst() {
      var fallback = first;
      if (fallback != null) {
        ServerDoor.leave(fallback.channel());
      }
    }

    private void read(ServerDoor.Opened session, boolean seesUserVariables) {
      Catalog.read(
          session.channel(),
          session.entry().capabilities(),
          session.mariadb(),
          catalog -> sender.back(new Scout(session, seesUserVariables, catalog)),
          sender::lost);
    }
  }
}
