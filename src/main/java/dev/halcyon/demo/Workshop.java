package dev.halcyon.demo;

import dev.halcyon.deploy.DeploySettings;
import dev.halcyon.deploy.Deployment;
import dev.halcyon.deploy.StopSignal;
import dev.halcyon.embedded.EmbeddedServer;
import dev.halcyon.embedded.Options;
import dev.halcyon.journal.Holder;
import dev.halcyon.journal.LeaseTimes;
import dev.halcyon.mysql.ConnectionSettings;
import dev.halcyon.mysql.Pace;
import dev.halcyon.mysql.Patience;
import dev.halcyon.mysql.Server;
import dev.halcyon.mysql.ServerLoad;
import dev.halcyon.plan.Limits;
import dev.halcyon.usage.UsageSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the demonstration works with: a server of its own, the schema with its rows, a folder with
 * the change file. All of it goes with {@link #close}, and when the process is told to end.
 */
final class Workshop implements AutoCloseable {
  static final String SCHEMA = "demo";
  static final String CHARACTERS = "CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci";

  private static final Logger log = LoggerFactory.getLogger(Workshop.class);
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);
  private static final int MOST_THREADS = 25;
  private static final long COPY_ROWS = 100_000;

  private final DemoSettings settings;
  private final EmbeddedServer server;
  private final Path migrations;
  private final Server clients;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread atExit = new Thread(this::stop, "halcyon-demo-exit");

  private Workshop(DemoSettings settings, EmbeddedServer server, Path migrations, Server clients) {
    this.settings = settings;
    this.server = server;
    this.migrations = migrations;
    this.clients = clients;
  }

  /** Starts the server, and makes the schema of version 1 with its users. */
  static Workshop open(DemoSettings settings, Ledger ledger) {
    var server = EmbeddedServer.start(settings.distribution(), Options.defaults().tls(false));
    try {
      try (var session = connect(server, "mysql").open("demo")) {
        session.execute("CREATE DATABASE " + SCHEMA + " " + CHARACTERS);
      }
      var clients = connect(server, SCHEMA);
      try (var session = clients.open("demo")) {
        WorkedExample.createTables(session);
        WorkedExample.fill(session, settings.users(), ledger);
      }
      var workshop = new Workshop(settings, server, migrations(server), clients);
      Runtime.getRuntime().addShutdownHook(workshop.atExit);
      return workshop;
    } catch (RuntimeException failure) {
      server.close();
      throw failure;
    }
  }

  /** Where the applications connect. */
  Server clients() {
    return clients;
  }

  /** The server and its port, for people. */
  String describe() {
    return server.engine().label() + " " + clients.version() + " at 127.0.0.1:" + server.port();
  }

  /**
   * The commands, as the command line would run them. They have a connection of their own, so that
   * the applications are others to them, to whom a backfill gives way.
   */
  Deployment deployment() {
    var own = connect(server, SCHEMA);
    return new Deployment(
        new DeploySettings(
            own,
            migrations,
            Holder.current("demo"),
            LeaseTimes.DEFAULT,
            Patience.defaults(),
            Pace.DEFAULT,
            new ServerLoad(own, MOST_THREADS),
            new Limits(COPY_ROWS),
            settings.events(),
            stopSignal(),
            _ -> {},
            UsageSettings.DEFAULT));
  }

  StopSignal stopSignal() {
    return () -> stopping.getCount() == 0 || settings.stop().requested();
  }

  /** Waits, but not when the process is told to end. */
  void await(Duration time) {
    try {
      var _ = stopping.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      stopping.countDown();
    }
  }

  @Override
  public void close() {
    server.close();
    closed.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException ending) {
      log.debug("The process is ending already", ending);
    }
  }

  /** Runs when the process is told to end: the story's thread gets time for its last words. */
  private void stop() {
    stopping.countDown();
    try {
      if (!closed.await(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("The demo does not end in time; its server is gone all the same");
      }
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
    }
  }

  /** In the server's own folder, which goes with the server even when this process is killed. */
  private static Path migrations(EmbeddedServer server) {
    var folder = server.errorLog().resolveSibling("migrations");
    try {
      Files.createDirectory(folder);
      Files.writeString(folder.resolve(WorkedExample.FILE), WorkedExample.changeFile());
      return folder;
    } catch (IOException failure) {
      throw new UncheckedIOException("Cannot write the change file", failure);
    }
  }

  private static Server connect(EmbeddedServer server, String schema) {
    return Server.connect(
        new ConnectionSettings(
            server.url(schema) + "?sslMode=disable", server.user(), server.password()));
  }
}
