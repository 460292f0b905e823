package dev.halcyon.pair.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.halcyon.model.Engine;
import dev.halcyon.model.ServerVersion;
import dev.halcyon.mysql.Link;
import dev.halcyon.pair.check.MemberFacts.AtStart;
import dev.halcyon.pair.check.MemberFacts.Privileged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule finds what it is for, and nothing in a pair that is as it should be. */
class PreconditionsTest {
  private static final Duration LIMIT = Duration.ofMillis(300);

  static Stream<Arguments> breaches() {
    return Stream.of(
        arguments("P101", east(f -> f.engine = Engine.MARIADB)),
        arguments("P101", east(f -> f.version = new ServerVersion(8, 4, 0))),
        arguments("P102", east(f -> f.variables.put("server_id", "1"))),
        arguments("P103", east(f -> f.variables.put("log_bin", "OFF"))),
        arguments("P104", east(f -> f.variables.put("binlog_format", "MIXED"))),
        arguments("P105", east(f -> f.variables.put("binlog_row_image", "MINIMAL"))),
        arguments("P106", east(f -> f.variables.put("log_replica_updates", "OFF"))),
        arguments("P107", east(f -> f.variables.put("sync_binlog", "0"))),
        arguments("P107", east(f -> f.variables.put("innodb_flush_log_at_trx_commit", "2"))),
        arguments("P108", east(f -> f.variables.put("gtid_mode", "OFF"))),
        arguments("P108", east(f -> f.links = List.of(link(1, true, false, 0, "")))),
        arguments("P109", east(f -> f.links = List.of())),
        arguments("P109", east(f -> f.links = List.of(link(1, false, true, 0, "")))),
        arguments("P109", east(f -> f.links = List.of(link(1, true, true, 60, "")))),
        arguments("P109", east(f -> f.links = List.of(link(9, true, true, 0, "")))),
        arguments("P110", east(f -> f.links = List.of(link(1, true, true, 0, "Replicate_Do_DB")))),
        arguments("P110", east(f -> f.logFilters = List.of("binlog_do_db = shop"))),
        arguments("P111", east(f -> f.variables.put("replica_type_conversions", "ALL_LOSSY"))),
        arguments("P112", east(f -> f.variables.put("slave_run_triggers_for_rbr", "YES"))),
        arguments("P113", east(f -> f.errant = "uuid:7")),
        arguments("P114", east(f -> f.fenced = false)),
        arguments("P114", west(f -> f.fenced = true)),
        arguments("P114", east(f -> f.variables.put("super_read_only", "OFF"))),
        arguments("P115", east(f -> f.fenced = false)),
        arguments("P117", west(f -> f.keyless = List.of("shop.notes"))),
        arguments(
            "P118",
            east(
                f -> {
                  f.variables.put("event_scheduler", "ON");
                  f.events = List.of("shop.nightly");
                })),
        arguments(
            "P118",
            west(
                f -> {
                  f.variables.put("event_scheduler", "ON");
                  f.events = List.of("shop.nightly");
                })),
        arguments("P119", west(f -> f.prepared = List.of("x1"))),
        arguments("P120", west(f -> f.privileged = List.of(new Privileged("'a'@'%'", "SUPER", 2)))),
        arguments("P121", west(f -> f.atStart = AtStart.OPEN)),
        arguments("P125", west(f -> f.rebuilds = List.of("shop.t"))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("breaches")
  void aRuleFindsWhatItIsFor(String rule, PairFacts facts) {
    assertThat(Preconditions.of(facts))
        .extracting(problem -> problem.finding().code())
        .contains(rule);
  }

  @Test
  void aPairThatIsAsItShouldBeHasNoProblem() {
    assertThat(Preconditions.of(east(_ -> {}))).isEmpty();
  }

  @Test
  void aPassiveServerThatTakesTooLongIsTold() {
    var good = east(_ -> {});
    var lag = Optional.of(new PairFacts.Lag(40, Duration.ofSeconds(1)));
    var problems =
        Preconditions.of(
            new PairFacts(good.first(), good.second(), lag, LIMIT, List.of(), Optional.empty()));

    assertThat(problems)
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.finding().code()).isEqualTo("P116");
              assertThat(problem.finding().message()).contains("40 transactions");
            });
  }

  @Test
  void twoWritersAreToldWhatToDoAndOfTheirNumbers() {
    var problems = Preconditions.of(east(f -> f.fenced = false));

    assertThat(problems)
        .extracting(problem -> problem.finding().message() + problem.finding().remedy())
        .anyMatch(text -> text.contains("Type: halcyon pair funnel west"))
        .anyMatch(text -> text.contains("auto_increment_offset"));
    var apart =
        facts(
            f -> numbers(f, "2", "1"),
            f -> {
              f.fenced = false;
              numbers(f, "2", "2");
            });
    assertThat(codes(apart)).containsExactly("P114");
    assertThat(codes(facts(f -> numbers(f, "2", "1"), second(f -> numbers(f, "4", "3")))))
        .contains("P115");
    assertThat(codes(facts(f -> numbers(f, "2", "1"), second(f -> numbers(f, "4", "2")))))
        .doesNotContain("P115");
    assertThat(codes(facts(f -> numbers(f, "2", "1"), second(f -> numbers(f, "2", "7")))))
        .contains("P115");
  }

  @Test
  void twoWritersOfMariaDbCountInDomainsOfTheirOwn() {
    assertThat(codes(facts(f -> domain(f, "0"), second(f -> domain(f, "0"))))).contains("P122");
    assertThat(codes(facts(f -> domain(f, "0"), second(f -> domain(f, "2")))))
        .doesNotContain("P122");
    assertThat(codes(facts(f -> domain(f, "0"), f -> domain(f, "0")))).doesNotContain("P122");
  }

  private static void domain(Facts facts, String domain) {
    facts.engine = Engine.MARIADB;
    facts.variables.put("gtid_domain_id", domain);
  }

  /** Of a second server that is writable, too. */
  private static Change second(Change change) {
    return facts -> {
      facts.fenced = false;
      change.to(facts);
    };
  }

  private static List<String> codes(PairFacts facts) {
    return Preconditions.of(facts).stream().map(problem -> problem.finding().code()).toList();
  }

  @Test
  void harmlessIsWhatASettingMends() {
    var problems =
        Preconditions.of(
            east(
                f -> {
                  f.variables.put("sync_binlog", "0");
                  f.variables.put("log_bin", "OFF");
                }));

    assertThat(problems)
        .filteredOn(problem -> problem.mend().harmless())
        .extracting(problem -> problem.mend().statement())
        .containsExactly("SET PERSIST sync_binlog = 1");
    var mariaDb =
        Preconditions.of(
            facts(
                f -> f.engine = Engine.MARIADB,
                f -> {
                  f.engine = Engine.MARIADB;
                  f.variables.put("sync_binlog", "0");
                }));
    assertThat(mariaDb)
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.mend().statement()).isEqualTo("SET GLOBAL sync_binlog = 1");
              assertThat(problem.finding().remedy())
                  .contains("configuration file: sync_binlog = 1");
            });
  }

  @Test
  void thePageTellsEveryRule() throws IOException {
    var page = Files.readString(Path.of("docs", "commands", "pair-check.md"));
    for (Rule rule : Preconditions.ALL) {
      assertThat(page).contains("| " + rule.id() + " | " + rule.title() + " |");
    }
    assertThat(Preconditions.ALL.stream().map(Rule::id)).doesNotHaveDuplicates().isSorted();
  }

  /** What may be broken. */
  private static final class Facts {
    private final String name;
    private Engine engine = Engine.MYSQL;
    private ServerVersion version = new ServerVersion(8, 0, 33);
    private final Map<String, String> variables = new HashMap<>();
    private boolean fenced;
    private AtStart atStart = AtStart.FENCED;
    private List<Link> links;
    private List<String> logFilters = List.of();
    private List<String> keyless = List.of();
    private List<String> events = List.of();
    private List<String> prepared = List.of();
    private List<Privileged> privileged = List.of();
    private String errant = "";
    private List<String> rebuilds = List.of();

    Facts(String name, int id, int other, boolean fenced) {
      this.name = name;
      this.fenced = fenced;
      this.links = List.of(link(other, true, true, 0, ""));
      variables.putAll(
          Map.of(
              "server_id", Integer.toString(id),
              "log_bin", "ON",
              "binlog_format", "ROW",
              "binlog_row_image", "FULL",
              "log_replica_updates", "ON",
              "sync_binlog", "1",
              "innodb_flush_log_at_trx_commit", "1",
              "gtid_mode", "ON",
              "super_read_only", fenced ? "ON" : "OFF"));
      numbers(this, "1", "1");
    }

    MemberFacts build() {
      return new MemberFacts(
          name,
          engine,
          version,
          variables,
          fenced,
          atStart,
          links,
          logFilters,
          keyless,
          events,
          prepared,
          privileged,
          errant,
          rebuilds);
    }
  }

  private static void numbers(Facts facts, String increment, String offset) {
    facts.variables.put("auto_increment_increment", increment);
    facts.variables.put("auto_increment_offset", offset);
  }

  private interface Change {
    void to(Facts facts);
  }

  private static PairFacts east(Change change) {
    return facts(_ -> {}, change);
  }

  private static PairFacts west(Change change) {
    return facts(change, _ -> {});
  }

  private static PairFacts facts(Change first, Change second) {
    var west = new Facts("west", 1, 2, false);
    var east = new Facts("east", 2, 1, true);
    first.to(west);
    second.to(east);
    return new PairFacts(
        west.build(),
        east.build(),
        Optional.of(new PairFacts.Lag(0, Duration.ofMillis(2))),
        LIMIT,
        List.of(),
        Optional.empty());
  }

  private static Link link(long source, boolean running, boolean gtid, long delay, String filter) {
    return new Link(
        "",
        "db:3306",
        source,
        running,
        running,
        gtid,
        delay,
        filter.isEmpty() ? List.of() : List.of(filter + " = shop"),
        "",
        "");
  }
}
