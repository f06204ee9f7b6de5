using System.Runtime.InteropServices;

namespace AuctionActors.Cli.Output;

/// <summary>For commands that run until somebody ends them: Ctrl-C, or SIGTERM, which is how services are stopped.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationToken _interrupted;
    private readonly CancellationTokenSource _stop;
    private readonly PosixSignalRegistration _terminated;

    public StopSignals(CancellationToken interrupted)
    {
        _interrupted = interrupted;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        _terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            _stop.Cancel();
        });
    }

    public CancellationToken Token => _stop.Token;

    /// <summary>A service that was told to stop has succeeded; one that was interrupted says so.</summary>
    public int Code => _interrupted.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Success;

    public async Task WaitAsync()
        => await Task.Delay(Timeout.InfiniteTimeSpan, Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public void Dispose()
    {
        _terminated.Dispose();
        _stop.Dispose();
    }
}
