package dev.halcyon.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.deploy.Deployment;
import dev.halcyon.deploy.Outcome;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.testing.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * The life of one change: expand, rollback, expand, contract, with the old application writing
 * until contract and the new one whenever its shape is there.
 */
final class Life {
  private static final int SOME = 15;

  /** A command in the order of a life. */
  enum Act {
    EXPAND,
    ROLLBACK,
    EXPAND_AGAIN,
    CONTRACT;

    private List<String> command() {
      return switch (this) {
        case EXPAND, EXPAND_AGAIN -> List.of("expand", "V1");
        case ROLLBACK -> List.of("rollback", "V1", "--discard");
        case CONTRACT -> List.of("contract", "V1");
      };
    }

    Outcome run(Deployment deployment) {
      return switch (this) {
        case EXPAND, EXPAND_AGAIN -> deployment.expand(List.of(), false);
        case ROLLBACK -> deployment.rollback(List.of(), true);
        case CONTRACT -> deployment.contract(List.of(), null);
      };
    }
  }

  /** The schema and its rows after the rollback (empty without one) and at the end. */
  record Ends(SortedMap<String, String> rolledBack, SortedMap<String, String> contracted) {}

  /** What the applications wrote until the end of each act, and how it ended. */
  record Story(Map<Act, List<Chronicle.Entry>> chapters, Ends ends) {}

  private final ChangeCase change;
  private final Path folder;
  private final Path migrations;
  private final long seed;

  /**
   * @param parent where the change gets a folder of its own
   * @param seed of what the applications write
   */
  Life(ChangeCase change, Path parent, long seed) {
    this.change = change;
    this.seed = seed;
    try {
      this.folder = Files.createTempDirectory(parent, change.name());
      this.migrations = Files.createDirectory(folder.resolve("migrations"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    change.writeTo(migrations);
  }

  /** How often each act writes the journal when nothing disturbs it. */
  Map<Act, Integer> count(Database quiet) {
    prepare(quiet);
    var counts = new EnumMap<Act, Integer>(Act.class);
    for (Act act : acts()) {
      var writes = new AtomicInteger();
      done(act.run(deployment(quiet, quiet.url(), writes::set)));
      counts.put(act, writes.get());
    }
    return counts;
  }

  /** Lives among applications; each act dies after that write of its journal, and is run again. */
  Story disturbed(Database database, Map<Act, Integer> points) {
    prepare(database);
    var chapters = new EnumMap<Act, List<Chronicle.Entry>>(Act.class);
    SortedMap<String, String> rolledBack = new TreeMap<>();
    try (var chronicle = new Chronicle(database, seed)) {
      if (acts().contains(Act.ROLLBACK)) {
        var old = chronicle.start("old", change.old());
        dieAndGoOn(database, Act.EXPAND, points, old);
        chapters.put(Act.EXPAND, chronicle.endChapter());
        var renewed = chronicle.start("new", change.renewed());
        renewed.work(SOME);
        renewed.stop();
        chronicle.write(change.undo());
        dieAndGoOn(database, Act.ROLLBACK, points, old);
        old.stop();
        chapters.put(Act.ROLLBACK, chronicle.endChapter());
        rolledBack = EndState.of(database, change);
      }
      var old = chronicle.start("old", change.old());
      dieAndGoOn(database, Act.EXPAND_AGAIN, points, old);
      chapters.put(Act.EXPAND_AGAIN, chronicle.endChapter());
      var renewed = chronicle.start("new", change.renewed());
      renewed.work(SOME);
      old.work(SOME);
      old.stop();
      agree(database);
      dieAndGoOn(database, Act.CONTRACT, points, renewed);
      renewed.stop();
      chapters.put(Act.CONTRACT, chronicle.endChapter());
    }
    return new Story(chapters, new Ends(rolledBack, EndState.of(database, change)));
  }

  /** Lives through the same again, the applications standing still while Halcyon works. */
  Ends undisturbed(Database database, Story story) {
    prepare(database);
    SortedMap<String, String> rolledBack = new TreeMap<>();
    for (Act act : acts()) {
      Chronicle.repeat(
          database, story.chapters().getOrDefault(act, List.of()), change.filledBySync());
      done(act.run(deployment(database, database.url())));
      if (act == Act.ROLLBACK) {
        rolledBack = EndState.of(database, change);
      }
    }
    return new Ends(rolledBack, EndState.of(database, change));
  }

  /** A deployment of the change, perhaps through a relay. */
  Deployment deployment(Database database, String url) {
    return deployment(database, url, writes -> {});
  }

  private Deployment deployment(Database database, String url, IntConsumer journalWrites) {
    return Deployments.of(database, url, migrations, change.copyRows(), journalWrites);
  }

  ChangeCase change() {
    return change;
  }

  @Override
  public String toString() {
    return change.name();
  }

  /** What was written as it stands has no rollback. */
  List<Act> acts() {
    return change.isAsWritten() ? List.of(Act.EXPAND_AGAIN, Act.CONTRACT) : List.of(Act.values());
  }

  /** The schema before the change, and Halcyon's tables. */
  void prepare(Database database) {
    change.before().forEach(database::execute);
    done(Deployments.of(database, migrations).init());
  }

  private void dieAndGoOn(
      Database database, Act act, Map<Act, Integer> points, Chronicle.Client writing) {
    writing.work(SOME);
    Integer point = points.get(act);
    if (point != null) {
      Program.End end = Program.dying(database, folder, point, change.copyRows(), act.command());
      assertThat(end.status())
          .as("%s, to die at write %d: %s", act, point, end.printed())
          .isEqualTo(Program.KILLED);
    }
    writing.work(SOME);
    done(act.run(deployment(database, database.url())));
    if (act == Act.EXPAND || act == Act.EXPAND_AGAIN) {
      agree(database);
    }
    writing.work(SOME);
  }

  /** A client's statement is one transaction, so the shapes agree at any moment. */
  private void agree(Database database) {
    for (String query : change.agree()) {
      assertThat(database.strings(query)).as(query).isEmpty();
    }
  }

  static void done(Outcome outcome) {
    assertThat(outcome.status())
        .as("%s %s", outcome.message(), outcome.findings())
        .isEqualTo(ExitStatus.DONE);
  }
}
