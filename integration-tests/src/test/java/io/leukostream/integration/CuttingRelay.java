package io.leukostream.integration;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A bad line between a scanner and ingest: every connection through it breaks, after a number of bytes that is drawn
 * when it begins, half of them in the middle of a request and half in the middle of an answer, so that a 202 may be given
 * and never arrive. Half of the breaks are a reset, half an orderly end.
 */
final class CuttingRelay implements AutoCloseable {
    // Some ten images of a cell, or as many answers.
    private static final int REQUEST_BYTES = 600_000;
    private static final int ANSWER_BYTES = 4_000;

    private final int target;
    private final ServerSocket server;
    private final Random random;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger inRequests = new AtomicInteger();
    private final AtomicInteger inAnswers = new AtomicInteger();

    private CuttingRelay(int target, ServerSocket server, long seed) {
        this.target = target;
        this.server = server;
        this.random = new Random(seed);
    }

    /** Listens on a free port of 127.0.0.1 for connections to another one. */
    static CuttingRelay to(int port, long seed) throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        CuttingRelay relay = new CuttingRelay(port, server, seed);
        Thread.ofVirtual().name("relay").start(relay::accept);
        return relay;
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    /** Connections that broke before a request had passed whole. */
    int cutsInRequests() {
        return inRequests.get();
    }

    /** Connections that broke before an answer had passed whole. */
    int cutsInAnswers() {
        return inAnswers.get();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket sender = server.accept();
                open.add(sender);
                Socket receiver = new Socket();
                open.add(receiver);
                Line line = new Line(sender, receiver, random.nextBoolean());
                if (random.nextBoolean()) {
                    line.start(1 + random.nextInt(REQUEST_BYTES), Long.MAX_VALUE);
                } else {
                    line.start(Long.MAX_VALUE, random.nextInt(ANSWER_BYTES));
                }
            } catch (SocketException e) {
                if (!server.isClosed()) {
                    throw new IllegalStateException("the relay cannot listen any more", e);
                }
            } catch (IOException e) {
                throw new IllegalStateException("the relay cannot listen any more", e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private final class Line {
        private final Socket sender;
        private final Socket receiver;
        private final boolean reset;
        private final AtomicBoolean over = new AtomicBoolean();

        Line(Socket sender, Socket receiver, boolean reset) {
            this.sender = sender;
            this.receiver = receiver;
            this.reset = reset;
        }

        void start(long requestBytes, long answerBytes) {
            Thread.ofVirtual().start(() -> {
                try {
                    receiver.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
                    Thread.ofVirtual().start(() -> pass(receiver, sender, answerBytes, inAnswers));
                    pass(sender, receiver, requestBytes, inRequests);
                } catch (IOException e) {
                    // Nobody listens there while ingest is away: the sender sees its connection end.
                    end();
                }
            });
        }

        private void pass(Socket from, Socket to, long most, AtomicInteger cuts) {
            byte[] buffer = new byte[8192];
            long left = most;
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                int read = in.read(buffer);
                while (read >= 0) {
                    if (read > left) {
                        out.write(buffer, 0, (int) left);
                        if (over.compareAndSet(false, true)) {
                            cuts.incrementAndGet();
                        }
                        break;
                    }
                    out.write(buffer, 0, read);
                    left -= read;
                    read = in.read(buffer);
                }
            } catch (IOException e) {
                // One of the two hung up, and so does the other.
                over.set(true);
            }
            end();
        }

        private void end() {
            over.set(true);
            for (Socket socket : new Socket[] {sender, receiver}) {
                try {
                    socket.setSoLinger(reset, 0);
                    socket.close();
                } catch (IOException e) {
                    // It is closed already.
                    open.remove(socket);
                }
                open.remove(socket);
            }
        }
    }
}
