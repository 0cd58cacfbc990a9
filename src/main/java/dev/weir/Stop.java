package dev.weir;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

/**
 * The end of the process: the first SIGTERM or SIGINT stops the server in good order, the second stops at once.
 *
 * <p>A shutdown hook sees the first signal only, so the signals are taken themselves. {@code sun.misc.Signal} is
 * supported (jdk.unsupported) but the compiler warns of its name, hence the reflection; without it hooks do.
 */
final class Stop {
    private final Runnable action;
    private final IntConsumer halt;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CountDownLatch done = new CountDownLatch(1);

    Stop(Runnable action, IntConsumer halt) {
        this.action = action;
        this.halt = halt;
    }

    static Stop onSignals(Runnable action) {
        Stop stop = new Stop(action, Runtime.getRuntime()::halt);
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            for (String name : new String[] {"TERM", "INT"}) {
                Object instance = signal.getConstructor(String.class).newInstance(name);
                int code = 128 + (Integer) signal.getMethod("getNumber").invoke(instance);
                InvocationHandler call = (proxy, method, arguments) -> switch (method.getName()) {
                    case "handle" -> {
                        stop.signalled(code);
                        yield null;
                    }
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == arguments[0];
                    default -> "Stop on " + name;
                };
                Object ours = Proxy.newProxyInstance(Stop.class.getClassLoader(), new Class<?>[] {handler}, call);
                signal.getMethod("handle", signal, handler).invoke(null, instance, ours);
            }
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop.signalled(1), "stop"));
        }
        return stop;
    }

    /** Runs on a thread of its own for each signal. */
    void signalled(int code) {
        if (!begun.compareAndSet(false, true)) {
            halt.accept(code);
            return;
        }
        try {
            action.run();
        } finally {
            done.countDown();
        }
    }

    /** Returns when the server has stopped. */
    void await() throws InterruptedException {
        done.await();
    }
}
