package dev.halcyon.cli;

import dev.halcyon.proxy.Traffic;
import dev.halcyon.proxy.control.Chores;
import dev.halcyon.proxy.control.ControlServer;
import dev.halcyon.proxy.control.ControlToken;
import dev.halcyon.proxy.control.SocketOffer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The listening socket on its way to a new process, and the address at which the new process will
 * speak to this one. Thread-safe.
 */
final class HandOver implements AutoCloseable {
  private static final Duration VALID = Duration.ofSeconds(10);

  private final SocketOffer offer;
  private final ControlServer control;
  private final Runnable orphaned;
  private final long until = System.nanoTime() + VALID.toNanos();
  private boolean accepted;
  private boolean gone;

  private HandOver(int descriptor, ControlServer control, Runnable orphaned) throws IOException {
    this.control = control;
    this.orphaned = orphaned;
    this.offer = SocketOffer.of(descriptor, this::takerGone);
  }

  /**
   * @param orphaned runs when the new process has ended after it had taken over
   * @throws IllegalStateException if it cannot be offered
   */
  static HandOver offer(
      int descriptor, ControlToken token, Traffic traffic, Chores chores, Runnable orphaned) {
    var anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try {
      var control = ControlServer.start(anywhere, token, traffic, chores);
      try {
        return new HandOver(descriptor, control, orphaned);
      } catch (IOException | RuntimeException failure) {
        control.close();
        throw failure;
      }
    } catch (IOException failure) {
      throw new IllegalStateException("The socket cannot be offered: " + failure, failure);
    }
  }

  private void takerGone() {
    boolean over;
    synchronized (this) {
      over = accepted;
      gone = true;
    }
    if (over) {
      orphaned.run();
    }
  }

  Path socket() {
    return offer.path();
  }

  /** Where the new process reaches this one. */
  InetSocketAddress control() {
    return control.address();
  }

  /** The new process has it. Who came for it may take its time. */
  synchronized boolean accept() {
    boolean first = !accepted && !gone && offer.isGiven();
    accepted |= first;
    return first;
  }

  /** Whether nobody has come for it in time, or who came has gone. */
  boolean isVoid() {
    synchronized (this) {
      gone |= !offer.isGiven() && System.nanoTime() - until >= 0;
      if (accepted || !gone) {
        return false;
      }
    }
    // Not under the lock: closing waits for a thread that may be about to tell that a taker is
    // gone.
    close();
    return true;
  }

  @Override
  public void close() {
    offer.close();
    control.close();
  }
}
