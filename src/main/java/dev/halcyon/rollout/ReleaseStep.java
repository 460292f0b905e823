package dev.halcyon.rollout;

import dev.halcyon.progress.Figures;
import dev.halcyon.rollout.Release.Party;
import java.time.Duration;

/** One step of a release. Each can be done again. */
public sealed interface ReleaseStep {
  /** Stays the same from run to run: {@code traffic.25}. */
  String id();

  /** In a line, for people. */
  String title();

  /** New shape, sync, backfill, verify; every row of windows that are open already. */
  record Expand() implements ReleaseStep {
    @Override
    public String id() {
      return "expand";
    }

    @Override
    public String title() {
      return "expand and verify the changes";
    }
  }

  /** A version is started by its command. */
  record Start(Party party) implements ReleaseStep {
    @Override
    public String id() {
      return "start";
    }

    @Override
    public String title() {
      return "start " + party.name() + ": " + party.start();
    }
  }

  /** Waits until a version may be given traffic. */
  record Ready(Party party) implements ReleaseStep {
    @Override
    public String id() {
      return "ready";
    }

    @Override
    public String title() {
      return "wait until " + party.name() + " is ready";
    }
  }

  /**
   * Smoke tests.
   *
   * @param through whether through the balancer, else the new version directly
   */
  record Smoke(int tests, boolean through) implements ReleaseStep {
    @Override
    public String id() {
      return through ? "smoke-through" : "smoke";
    }

    @Override
    public String title() {
      return Figures.count(tests, "smoke test")
          + (through ? " through the balancer" : " of the new version directly");
    }
  }

  /** The new version gets so many percent of the traffic, the old one the rest. */
  record Shift(int share) implements ReleaseStep {
    @Override
    public String id() {
      return "traffic." + share;
    }

    @Override
    public String title() {
      return share + " % of the traffic to the new version";
    }
  }

  /** The new version is watched with so many percent of the traffic. */
  record Observe(int share, Duration pause) implements ReleaseStep {
    @Override
    public String id() {
      return "watch." + share;
    }

    @Override
    public String title() {
      return "watch it for " + Figures.duration(pause);
    }
  }

  /** Waits for the end of a version's sessions. */
  record Drain(Party party, Duration most) implements ReleaseStep {
    @Override
    public String id() {
      return "drain";
    }

    @Override
    public String title() {
      return "wait for the sessions of "
          + party.name()
          + " to end, at most "
          + Figures.duration(most);
    }
  }

  /** A version is ended by its command. */
  record Stop(Party party) implements ReleaseStep {
    @Override
    public String id() {
      return "stop";
    }

    @Override
    public String title() {
      return "stop " + party.name() + ": " + party.stop();
    }
  }

  /** The old shape is dropped. */
  record Contract() implements ReleaseStep {
    @Override
    public String id() {
      return "contract";
    }

    @Override
    public String title() {
      return "contract the changes";
    }
  }
}
