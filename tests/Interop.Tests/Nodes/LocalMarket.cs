using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using AuctionActors.Interop.Tests.Harness;

namespace AuctionActors.Interop.Tests.Nodes;

/// <summary>A bootstrap node and auction nodes as processes of their own, in a folder that goes with them.</summary>
internal sealed class LocalMarket : IDisposable
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly string _folder = Directory.CreateTempSubdirectory("market-").FullName;
    private readonly List<NodePeer> _processes = [];

    public LocalMarket()
    {
        Bootstrap = $"127.0.0.1:{FreePort()}";
        NodePeer bootstrap = Keep(AuctionCommand.Start("bootstrap", "--host", "127.0.0.1", "--port", Bootstrap.Split(':')[1]));
        for (int line = 0; line < 3; line++)
            bootstrap.ReadLine(Patience);
    }

    public string Bootstrap { get; }

    public string StorageOf(string name) => Path.Combine(_folder, name);

    /// <summary>Starts a node and waits until it can be reached.</summary>
    public (NodePeer Node, JsonObject Ready) Start(string name)
    {
        NodePeer node = Launch(name);
        return (node, node.ReadEvent("ready", Patience));
    }

    /// <summary>Starts a node without waiting.</summary>
    public NodePeer Launch(string name, bool json = true)
    {
        string[] form = json ? ["--json"] : [];
        return Keep(AuctionCommand.Start(
            ["node", "--name", name, "--storage", StorageOf(name), "--bootstrap", Bootstrap, "--host", "127.0.0.1", .. form]));
    }

    /// <summary>Runs a command of few words to its end and gives the JSON that it printed first.</summary>
    public JsonObject Run(int code, params string[] arguments)
    {
        NodePeer run = Keep(AuctionCommand.Start([.. arguments, "--json"]));
        JsonObject result = run.ReadJson(wait: Patience);
        Xunit.Assert.Equal(code, run.WaitForExit(Patience));
        return result;
    }

    public NodePeer Keep(NodePeer process)
    {
        _processes.Add(process);
        return process;
    }

    /// <summary>Types a command and reads its answer; news in between is passed over.</summary>
    public static JsonObject Ask(NodePeer node, string command)
    {
        node.WriteLine(command);
        return node.ReadJson(json => json["event"] is null, Patience);
    }

    public static JsonObject Await(NodePeer node, string news) => node.ReadEvent(news, Patience);

    public void Dispose()
    {
        foreach (NodePeer process in _processes)
            process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string FreePort()
    {
        using UdpClient probe = new(new IPEndPoint(IPAddress.Any, 0));
        return ((IPEndPoint)probe.Client.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture);
    }
}
