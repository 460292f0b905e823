package dev.halcyon.pair.check;

import java.util.ArrayList;
import java.util.List;

/** All rules at once. Pure. */
public final class Preconditions {
  /** In the order in which they are told. */
  static final List<Rule> ALL =
      List.of(
          new SameMake(),
          new ServerIds(),
          new BinaryLog(),
          new RowFormat(),
          new FullImage(),
          new ReplicaUpdates(),
          new DurableLog(),
          new GlobalIds(),
          new RunningLinks(),
          new NoFilters(),
          new LossyConversions(),
          new TriggersOnRows(),
          new ErrantTransactions(),
          new OneWriter(),
          new Collisions(),
          new LagNow(),
          new PrimaryKeys(),
          new EnabledEvents(),
          new PreparedXa(),
          new PastTheFence(),
          new FenceAtStart(),
          new ApartDomains(),
          new EqualRows(),
          new UniqueValues(),
          new NoRebuild());

  private Preconditions() {}

  /** Every problem, in the order of the rules. */
  public static List<Problem> of(PairFacts facts) {
    var problems = new ArrayList<Problem>();
    ALL.forEach(rule -> rule.look(facts, problems::add));
    return List.copyOf(problems);
  }

  /** What stands against two servers that are both written to. */
  public static List<Problem> forTwoWriters(PairFacts facts) {
    var problems = new ArrayList<Problem>();
    for (Rule rule : ALL) {
      switch (rule) {
        case Collisions collisions -> collisions.lookAhead(facts, problems::add);
        case ApartDomains domains -> domains.lookAhead(facts, problems::add);
        // What matters to a switchover, or to the fence of a passive server.
        case OneWriter _,
            EnabledEvents _,
            LagNow _,
            FenceAtStart _,
            ErrantTransactions _,
            PastTheFence _,
            PreparedXa _ -> {}
        case BinaryLog _,
            DurableLog _,
            EqualRows _,
            FullImage _,
            GlobalIds _,
            LossyConversions _,
            NoFilters _,
            NoRebuild _,
            PrimaryKeys _,
            ReplicaUpdates _,
            RowFormat _,
            RunningLinks _,
            SameMake _,
            ServerIds _,
            TriggersOnRows _,
            UniqueValues _ ->
            rule.look(facts, problems::add);
      }
    }
    return List.copyOf(problems);
  }
}
