using System.Text;
using AuctionActors.Cli.Prompting;

namespace AuctionActors.Cli.Node;

/// <summary>Where a node's commands come from and where it speaks: a prompt on a terminal, plain lines otherwise.</summary>
internal sealed class NodeConsole
{
    private readonly Func<CancellationToken, Task<string?>> _read;

    private NodeConsole(INodeVoice voice, Func<CancellationToken, Task<string?>> read) => (Voice, _read) = (voice, read);

    public INodeVoice Voice { get; }

    /// <summary>The names of auctions that a tab can complete; set when there is somebody to ask.</summary>
    public Func<IReadOnlyList<string>> References { get; set; } = () => [];

    public static NodeConsole Open(string name, bool json)
    {
        if (!json && !Console.IsInputRedirected && !Console.IsOutputRedirected)
            return OnTerminal(name);
        StreamReader input = new(Console.OpenStandardInput(), Encoding.UTF8);
        INodeVoice voice = json ? new JsonVoice(Console.Out) : new TextVoice(Print);
        return new NodeConsole(voice, cancellation => input.ReadLineAsync(cancellation).AsTask().WaitAsync(cancellation));
    }

    /// <summary>Null at the end of input.</summary>
    public Task<string?> ReadLineAsync(CancellationToken cancellation) => _read(cancellation);

    private static NodeConsole OnTerminal(string name)
    {
        NodeConsole console = null!;
        LineEditor editor = new(text => NodeCompletion.Find(text, () => console.References()));
        TerminalLines lines = new($"{name}> ", editor, Console.Out);
        return console = new NodeConsole(new TextVoice(lines.Print), lines.ReadLineAsync);
    }

    private static void Print(string line)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }
}
