using System.Diagnostics;

namespace AuctionActors.Cli.Output;

/// <summary>Tells on a terminal how far something has come: one line that is written over, a few times a second.</summary>
/// <param name="output">Where to; null tells nothing.</param>
internal sealed class ProgressLine(TextWriter? output)
{
    private const int Width = 60;
    private static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private long? _last;
    private bool _shown;

    /// <summary>On standard error, when that is a terminal.</summary>
    public static ProgressLine ForTerminal(bool json) => new(json || Console.IsErrorRedirected ? null : Console.Error);

    public void Show(FormattableString text)
    {
        if (output is null || (_last is { } last && Stopwatch.GetElapsedTime(last) < s_every))
            return;
        _last = Stopwatch.GetTimestamp();
        output.Write($"\r{FormattableString.Invariant(text).PadRight(Width)}");
        _shown = true;
    }

    /// <summary>Leaves an empty line for what follows.</summary>
    public void End()
    {
        if (_shown)
            output!.Write($"\r{new string(' ', Width)}\r");
        _shown = false;
    }

    /// <summary>Waits for work that does not tell how far it is: after two seconds the line says that it goes on.</summary>
    public async Task<T> AwaitAsync<T>(Task<T> work, string doing, CancellationToken interrupted)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            while (await Task.WhenAny(work, Task.Delay(s_every, interrupted)).ConfigureAwait(false) != work)
            {
                interrupted.ThrowIfCancellationRequested();
                if (Stopwatch.GetElapsedTime(start) is var elapsed && elapsed >= s_patience)
                    Show($"{doing}, {elapsed.TotalSeconds:0} s");
            }

            return await work.ConfigureAwait(false);
        }
        finally
        {
            End();
        }
    }
}
