package dev.halcyon.proxy.move;

import dev.halcyon.proxy.wire.Bytes;
import dev.halcyon.proxy.wire.Capabilities;
import dev.halcyon.proxy.wire.SessionChange;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The system variables of a server that a session can have values of its own of. The server itself
 * tells: each is read, then set to what it is. On the event loop only.
 */
public final class Catalog {
  /** These decide what statements mean; some change with another and without a word. */
  private static final Set<String> ALWAYS =
      Set.of(
          "autocommit",
          "character_set_client",
          "character_set_connection",
          "character_set_results",
          "collation_connection",
          "div_precision_increment",
          "foreign_key_checks",
          "group_concat_max_len",
          "lc_time_names",
          "max_join_size",
          "sql_auto_is_null",
          "sql_big_selects",
          "sql_log_bin",
          "sql_mode",
          "sql_safe_updates",
          "sql_select_limit",
          "time_zone",
          "transaction_isolation",
          "transaction_read_only",
          "tx_isolation",
          "tx_read_only",
          "unique_checks");

  /** Carried in another way, or about a single statement or connection. */
  private static final Set<String> APART =
      Set.of(
          "timestamp",
          "insert_id",
          "last_insert_id",
          "identity",
          "rand_seed1",
          "rand_seed2",
          "pseudo_thread_id",
          "gtid_seq_no",
          "session_track_schema",
          "session_track_state_change",
          "session_track_system_variables",
          "session_track_transaction_info");

  /** A server's words for a variable that no session has a value of its own of. */
  private static final Set<Integer> NOT_OF_A_SESSION = Set.of(1229, 1238);

  private static final Set<Integer> NUMBERS = Set.of(0, 1, 2, 3, 4, 5, 8, 9, 13, 246);

  /** Of the most recent ones; sessions of one application change the same variables. */
  private static final int QUESTIONS = 64;

  private final boolean mariadb;

  /** By name; whether it is a number. */
  private final Map<String, Boolean> variables;

  /** What they are in a session that has changed none. */
  private final Map<String, @Nullable String> values;

  private final SortedSet<String> all;

  /** Those that are part of any session's state. */
  private final SortedSet<String> always;

  private final LinkedHashMap<SortedSet<String>, Question> questions =
      new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param variables by name; whether it is a number
   * @param told those of which the server tells by their own name when they change. MariaDB tells
   *     of all switches under the name of any of them, and of plugins' variables not at all.
   * @param values what they are in a session that has changed none
   */
  Catalog(
      boolean mariadb,
      Map<String, Boolean> variables,
      Set<String> told,
      Map<String, @Nullable String> values) {
    this.mariadb = mariadb;
    this.variables = Map.copyOf(variables);
    this.values = Collections.unmodifiableMap(new HashMap<>(values));
    this.all = Collections.unmodifiableSortedSet(new TreeSet<>(variables.keySet()));
    var needed = new TreeSet<>(all);
    needed.removeIf(name -> told.contains(name) && !ALWAYS.contains(name));
    this.always = Collections.unmodifiableSortedSet(needed);
  }

  boolean mariadb() {
    return mariadb;
  }

  /** Whether sessions can have a value of their own of it. */
  boolean has(String name) {
    return variables.containsKey(name);
  }

  /** What it is in a session that has not changed it. */
  @Nullable String value(String name) {
    return values.get(name);
  }

  /** Asks a session that is of no other use afterwards, and that is told of changes. */
  public static void read(
      Channel channel,
      Capabilities capabilities,
      boolean mariadb,
      Consumer<Catalog> done,
      Consumer<String> failed) {
    new Survey(channel, capabilities, mariadb, done, failed).names();
  }

  /**
   * What a session's state is made of.
   *
   * @param reported the names that the server has told since the session began
   */
  SortedSet<String> needed(Set<String> reported) {
    TreeSet<String> more = null;
    for (var name : reported) {
      if (all.contains(name) && !always.contains(name)) {
        more = more == null ? new TreeSet<>(always) : more;
        more.add(name);
      }
    }
    return more == null ? always : more;
  }

  /** What asks for these; the set is not changed any more. */
  Question question(SortedSet<String> names) {
    var known = questions.get(names);
    if (known != null) {
      return known;
    }
    var question = Question.of(names);
    questions.put(names, question);
    if (questions.size() > QUESTIONS) {
      questions.pollFirstEntry();
    }
    return question;
  }

  /**
   * What the state of a session is made of that may have changed more than was told. What is as
   * this server has it stays as each server has it: its number and its auto-increment offset are
   * among them.
   */
  SortedSet<String> changed(Set<String> reported, Map<String, @Nullable String> session) {
    var names = new TreeSet<>(needed(reported));
    for (var name : variables.keySet()) {
      if (!Objects.equals(session.get(name), values.get(name))) {
        names.add(name);
      }
    }
    return names;
  }

  SortedSet<String> all() {
    return all;
  }

  boolean isNumber(String name) {
    return Boolean.TRUE.equals(variables.get(name));
  }

  /** Three exchanges: the names, the types, the changes told. */
  private static final class Survey {
    private final Channel channel;
    private final Capabilities capabilities;
    private final boolean mariadb;
    private final Consumer<Catalog> done;
    private final Consumer<String> failed;
    private final Map<String, @Nullable String> values = new HashMap<>();

    private Survey(
        Channel channel,
        Capabilities capabilities,
        boolean mariadb,
        Consumer<Catalog> done,
        Consumer<String> failed) {
      this.channel = channel;
      this.capabilities = capabilities;
      this.mariadb = mariadb;
      this.done = done;
      this.failed = failed;
    }

    private void names() {
      ask(List.of(new Order.Query("SHOW SESSION VARIABLES")), this::types);
    }

    private void types(List<Answer> answers) {
      var names = new ArrayList<String>();
      switch (answers.getFirst()) {
        case Answer.Rows rows -> {
          for (var row : rows.rows()) {
            Bytes name = row.getFirst();
            if (name != null && !APART.contains(name.utf8())) {
              names.add(name.utf8());
            }
          }
        }
        case Answer.Refused refused -> {
          failed.accept(refused.error().message());
          return;
        }
        case Answer.Done _, Answer.Prepared _ -> {
          failed.accept("the server's variables cannot be read");
          return;
        }
      }
      ask(
          names.stream().<Order>map(name -> new Order.Query("SELECT " + session(name))).toList(),
          types -> changes(names, types));
    }

    private void changes(List<String> names, List<Answer> types) {
      var readable = new TreeMap<String, Boolean>();
      for (int i = 0; i < names.size(); i++) {
        if (types.get(i) instanceof Answer.Rows rows) {
          readable.put(names.get(i), NUMBERS.contains(rows.columns().getFirst().type()));
          Bytes value = rows.rows().getFirst().getFirst();
          values.put(names.get(i), value == null ? null : value.utf8());
        }
      }
      var asked = List.copyOf(readable.keySet());
      ask(
          asked.stream()
              .<Order>map(name -> new Order.Query("SET " + session(name) + " = " + session(name)))
              .toList(),
          changed -> finish(readable, asked, changed));
    }

    private void finish(Map<String, Boolean> readable, List<String> asked, List<Answer> changed) {
      var variables = new HashMap<String, Boolean>();
      var told = new HashSet<String>();
      Map<String, Set<String>> reports = new HashMap<>();
      for (int i = 0; i < asked.size(); i++) {
        String name = asked.get(i);
        switch (changed.get(i)) {
          case Answer.Done(var ok) -> {
            variables.put(name, readable.get(name));
            for (var change : ok.changes()) {
              if (change instanceof SessionChange.Variable(String reported, String _)) {
                reports.computeIfAbsent(reported, _ -> new HashSet<>()).add(name);
              }
            }
          }
          case Answer.Refused(var error) -> {
            if (!NOT_OF_A_SESSION.contains(error.code())) {
              variables.put(name, readable.get(name)); // this account may not, another one may
              told.add(name);
            }
          }
          case Answer.Rows _, Answer.Prepared _ -> {}
        }
      }
      reports.forEach(
          (reported, names) -> {
            if (names.equals(Set.of(reported))) {
              told.add(reported);
            }
          });
      done.accept(new Catalog(mariadb, variables, told, values));
    }

    private void ask(List<Order> orders, Consumer<List<Answer>> next) {
      Exchange.run(
          channel,
          capabilities,
          orders,
          new Exchange.End() {
            @Override
            public void answered(List<Answer> answers) {
              next.accept(answers);
            }

            @Override
            public void broken(String reason) {
              failed.accept(reason);
            }
          });
    }

    private static String session(String name) {
      return "@@session." + Sql.name(name);
    }
  }
}
