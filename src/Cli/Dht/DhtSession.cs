using System.CommandLine;
using Akka.Actor;
using AuctionActors.Cli.Output;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Queries;

namespace AuctionActors.Cli.Dht;

/// <summary>A node that lives for the time of one command.</summary>
internal sealed class DhtSession
{
    private static readonly Option<string?> s_bootstrap = SharedOptions.Bootstrap();
    private static readonly Option<string?> s_host = SharedOptions.Host();
    private static readonly Option<double> s_timeout = SharedOptions.Timeout();
    private static readonly Option<bool> s_json = SharedOptions.Json();

    private DhtSession(HyperDhtClient dht, DhtNodeClient node, bool isJson) => (Dht, Node, IsJson) = (dht, node, isJson);

    public HyperDhtClient Dht { get; }

    public DhtNodeClient Node { get; }

    public bool IsJson { get; }

    /// <summary>Gives a verb the options of every session and runs it in one.</summary>
    /// <param name="verb">With its own arguments and options.</param>
    /// <param name="prepare">Checks the arguments before anything is sent, and answers what to do.</param>
    public static Command Verb(Command verb, Func<ParseResult, Func<DhtSession, Task<int>>> prepare)
    {
        foreach (Option option in (Option[])[s_bootstrap, s_host, s_timeout, s_json])
            verb.Options.Add(option);
        verb.SetAction((parsed, interrupted) => RunAsync(parsed, prepare(parsed), interrupted));
        return verb;
    }

    /// <summary>Nobody answered.</summary>
    public static CommandException Offline()
        => new(ExitCode.Offline, "OFFLINE", "no node of the DHT answered", "--bootstrap host:port names a node to join through");

    /// <summary>The exit code of a command that stores something.</summary>
    public static int CodeOf(HyperDhtProtocol.Stored stored) => stored.Status switch
    {
        QueryStatus.Completed => ExitCode.Success,
        QueryStatus.CommitRefused => throw new CommandException(ExitCode.Rejected, "REJECTED", "no node accepted it"),
        _ => throw Offline(),
    };

    private static async Task<int> RunAsync(ParseResult parsed, Func<DhtSession, Task<int>> command, CancellationToken interrupted)
    {
        if (parsed.GetValue(s_timeout) is not (> 0 and <= 86400) || !double.IsFinite(parsed.GetValue(s_timeout)))
            throw CommandException.Usage("--timeout is out of range", "seconds, more than 0");
        TimeSpan timeout = TimeSpan.FromSeconds(parsed.GetValue(s_timeout));
        string host = parsed.GetValue(s_host) ?? "0.0.0.0";
        if (!PeerAddress.TryParseHost(host, 0, out PeerAddress bind))
            throw CommandException.Usage($"'{host}' is no address to bind to", "an IPv4 address such as 127.0.0.1");
        DhtNodeActorOptions options = new()
        {
            Bind = bind,
            Node = new DhtNodeOptions
            {
                BootstrapNodes = BootstrapNodes.Parse(parsed.GetValue(s_bootstrap)),
                Persistence = DhtPersistence.Ephemeral,
                HasQuickFirewallCheck = false,
            },
        };
        using RealRuntime runtime = new("dht");
        try
        {
            Task<int> run = RunAsync(runtime, options, timeout, parsed.GetValue(s_json), command);
            return await run.WaitAsync(timeout, interrupted).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is TimeoutException or AskTimeoutException)
        {
            throw new CommandException(ExitCode.Offline, "TIMED_OUT", $"there was no answer within {timeout.TotalSeconds:0.###} s");
        }
    }

    private static async Task<int> RunAsync(
        RealRuntime runtime, DhtNodeActorOptions options, TimeSpan timeout, bool isJson, Func<DhtSession, Task<int>> command)
    {
        PeerRuntime peer = runtime.Peer("tool", new MemoryFileStore());
        HyperDhtOptions node = new() { Node = options };
        (HyperDhtClient dht, DhtNodeClient below) =
            await HyperDhtClient.StartAsync(runtime.System, peer, node, timeout).ConfigureAwait(false);
        int code = await command(new DhtSession(dht, below, isJson)).ConfigureAwait(false);
        await below.StopAsync().ConfigureAwait(false);
        return code;
    }
}
