/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.server;

import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.Problem;
import io.levada.cli.terminal.ProblemPrinter;
import io.levada.runtime.Worker;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A worker in the foreground, with its own broker unless the properties name another, and the connectors of the files given. */
@Command(
        name = "worker",
        header = {
            "Runs a worker in the foreground, with a broker inside unless bootstrap.servers names one.",
            "",
            "  levada worker",
            "  levada worker --config worker.properties orders-source.json orders-sink.json",
            "  levada worker -o listeners=http://localhost:8084 -o data.dir=/var/lib/levada",
            ""
        })
public final class WorkerCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ServerOptions options;

    @Parameters(
            arity = "0..*",
            paramLabel = "CONNECTOR.FILE",
            description =
                    "Connectors to create, or to change to what their files say: JSON, or properties as for connect-standalone.")
    private List<String> files = List.of();

    @Override
    public Integer call() throws InterruptedException {
        KeptStream.keepBoth();
        ConnectorFiles connectors = ConnectorFiles.read(files);
        Worker worker = Foreground.start("worker", () -> Worker.start(options.properties(), Installation.parts()));
        Foreground.closeOnSignal(worker);
        try {
            return run(worker, connectors);
        } catch (Problem ended) {
            worker.close();
            throw ended;
        }
    }

    private Integer run(Worker worker, ConnectorFiles connectors) throws InterruptedException {
        if (!files.isEmpty()) {
            new ConnectorsAtStart(
                            new ConnectorsOfWorker(worker),
                            worker.broken(),
                            problem -> ProblemPrinter.tell(spec.commandLine(), problem))
                    .apply(connectors);
        }
        Throwable cause = Foreground.hold(worker.broken());
        throw new Problem(
                ExitCode.FAILURE,
                "the worker can do nothing of what it is asked any more and ends",
                String.valueOf(cause),
                "Start it again. If that fails too, the log above says what is in its way.",
                cause);
    }
}
