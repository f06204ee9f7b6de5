using System.CommandLine;
using Akka.Actor;
using AuctionActors.Cli.Output;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
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
    /// <param name="joins">Whether the network is joined first, through the bootstrap nodes.</param>
    public static Command Verb(Command verb, Func<ParseResult, Func<DhtSession, Task<int>>> prepare, bool joins = true)
    {
        foreach (Option option in (Option[])[s_bootstrap, s_host, s_timeout, s_json])
            verb.Options.Add(option);
        verb.SetAction((parsed, interrupted) => RunAsync(parsed, prepare(parsed), joins, interrupted));
        return verb;
    }

    /// <summary>The exit code of a command that stores something.</summary>
    public static int CodeOf(HyperDhtProtocol.Stored stored) => stored.Status switch
    {
        QueryStatus.Completed => ExitCode.Success,
        QueryStatus.CommitRefused => throw new CommandException(ExitCode.Rejected, "REJECTED", "no node accepted it"),
        _ => throw SharedOptions.Offline(),
    };

    private static async Task<int> RunAsync(
        ParseResult parsed, Func<DhtSession, Task<int>> command, bool joins, CancellationToken interrupted)
    {
        TimeSpan timeout = SharedOptions.ToTimeout(parsed.GetValue(s_timeout));
        DhtNodeActorOptions options = new()
        {
            Bind = SharedOptions.ToBind(parsed.GetValue(s_host)),
            Node = new DhtNodeOptions
            {
                BootstrapNodes = joins ? BootstrapNodes.Parse(parsed.GetValue(s_bootstrap)) : [],
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
            throw SharedOptions.TimedOut(timeout);
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
