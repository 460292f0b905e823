package dev.halcyon.proxy;

import dev.halcyon.proxy.control.Chores;
import dev.halcyon.proxy.control.ControlServer;
import dev.halcyon.proxy.control.ControlToken;
import dev.halcyon.proxy.digest.Digests;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;

/** The control of a proxy in this process, which nobody stops or takes over. */
final class Controlled implements AutoCloseable {
  private final ControlToken token;
  private final ControlServer server;

  Controlled(Proxy proxy, Path tokenFile) throws IOException {
    token = ControlToken.provide(tokenFile);
    var anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server = ControlServer.start(anywhere, token, proxy, new NoChores(proxy));
  }

  InetSocketAddress address() {
    return server.address();
  }

  ControlToken token() {
    return token;
  }

  @Override
  public void close() {
    server.close();
  }

  private record NoChores(Proxy proxy) implements Chores {
    @Override
    public void stop() {
      throw new IllegalStateException("A test's proxy is not stopped by its control");
    }

    @Override
    public Map<String, Object> handOver() {
      throw new IllegalStateException("A test's proxy is not taken over");
    }

    @Override
    public void handedOver() {
      throw new IllegalStateException("A test's proxy is not taken over");
    }

    @Override
    public Map<String, Object> about() {
      return Map.of();
    }

    @Override
    public Digests digests() {
      return proxy.digests();
    }

    @Override
    public MeterReading meter() {
      return proxy.meter();
    }
  }
}
