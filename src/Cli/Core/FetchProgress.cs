using Hyper.Actors.Storage.Cores;

namespace AuctionActors.Cli.Core;

/// <summary>Tells on a terminal how far a fetch has come: one line that is written over, a few times a second.</summary>
/// <param name="output">Where to; null tells nothing.</param>
internal sealed class FetchProgress(TextWriter? output)
{
    private const int Width = 60;
    private const int EveryLooks = 4;

    private int _looks;
    private bool _shown;

    /// <summary>On standard error, when that is a terminal.</summary>
    public static FetchProgress ForTerminal(bool json) => new(json || Console.IsErrorRedirected ? null : Console.Error);

    public void Show(CoreInfo info, long wanted)
    {
        if (output is null || _looks++ % EveryLooks != 0)
            return;
        long length = Math.Max(info.Length, wanted);
        string text = info.Length == 0 ? "looking for a peer that has the core"
            : $"{info.ContiguousLength} of {length} blocks, {100 * info.ContiguousLength / length} %";
        output.Write($"\r{text.PadRight(Width)}");
        _shown = true;
    }

    /// <summary>Leaves an empty line for what follows.</summary>
    public void End()
    {
        if (_shown)
            output!.Write($"\r{new string(' ', Width)}\r");
        _shown = false;
    }
}
