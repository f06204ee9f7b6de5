using System.CommandLine;
using Akka.Actor;
using AuctionActors.Cli.Output;
using Hyper.Actors.Storage.Cores;
using Hyper.Actors.Swarm.Peers;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.HyperDht;

namespace AuctionActors.Cli.Core;

/// <summary>Somebody's core in a folder of ours, replicated with whoever has it for the time of a command.</summary>
internal sealed class RemoteCore
{
    private static readonly TimeSpan s_lookupEvery = TimeSpan.FromSeconds(2);
    private static readonly Argument<string> s_key = new("key") { Description = "key of the core: 64 hex digits, or the 52 letters of its id" };
    private static readonly Option<string> s_into = new("--into") { Description = "folder for the core", Required = true };
    private static readonly Option<string?> s_peer = new("--peer") { Description = "public key of a peer that has it (default: look it up)" };

    private readonly CoreKey _key;
    private readonly PublicKey? _peer;
    private readonly ParseResult _parsed;

    public RemoteCore(ParseResult parsed)
    {
        CoreNetwork.Check(parsed);
        _parsed = parsed;
        _key = CoreArguments.ParseKey(parsed.GetValue(s_key)!);
        _peer = CoreArguments.ParseBytes32(parsed.GetValue(s_peer), "--peer") is { } named ? new PublicKey(named) : null;
    }

    /// <summary>Whether only the blocks that are asked for are fetched.</summary>
    public bool IsSparse { get; init; }

    /// <summary>Whether the files in the folder may be damaged.</summary>
    public bool IsDamaged { get; init; }

    /// <summary>What somebody who interrupts is told of a core that has come in part; null when it has been told already.</summary>
    public Action<CoreInfo>? Interrupted { get; init; }

    /// <summary>What is done with the core before it meets a peer.</summary>
    public Func<CoreClient, Task> Prepare { get; init; } = core => core.GetInfoAsync();

    public static void AddArguments(Command verb)
    {
        verb.Arguments.Add(s_key);
        verb.Options.Add(s_into);
        verb.Options.Add(s_peer);
        CoreNetwork.AddOptions(verb);
    }

    /// <summary>Runs the command; a folder that was made for a core nobody had is taken away again.</summary>
    public async Task<int> RunAsync(Func<CoreClient, ActorSystem, TimeSpan, Task<int>> command, CancellationToken interrupted)
    {
        string folder = _parsed.GetValue(s_into)!;
        bool isNew = !Directory.Exists(folder) && !File.Exists(folder);
        CoreOptions options = IsDamaged ? CoreArguments.OpenDamaged(folder) : CoreArguments.Open(folder, readOnly: false);
        options = options with { Identity = CoreIdentity.ForReader(_key) };
        try
        {
            return await CoreSession.RunAsync(options, (core, system) => RunAsync(core, system, command, interrupted)).ConfigureAwait(false);
        }
        catch (Exception) when (isNew && HoldsNothing(folder))
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    private static bool HoldsNothing(string folder)
        => Directory.Exists(folder) && new FileInfo(Path.Combine(folder, "data")) is { Exists: false } or { Length: 0 };

    private async Task<int> RunAsync(
        CoreClient core, ActorSystem system, Func<CoreClient, ActorSystem, TimeSpan, Task<int>> command, CancellationToken interrupted)
    {
        await Prepare(core).ConfigureAwait(false);
        CoreNetwork network = await CoreNetwork.JoinAsync(system, _parsed, isEphemeral: true, interrupted).ConfigureAwait(false);
        network.Tell(new PeerProtocol.ReplicateCore(_key, core.Core, IsFollowed: true, IsSparse));
        using CancellationTokenSource found = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        Task seeking = SeekAsync(network, found.Token);
        try
        {
            return await command(core, system, network.Timeout).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested && Interrupted is not null)
        {
            CoreInfo info = await core.GetInfoAsync().ConfigureAwait(false);
            if (info.Length == 0)
                throw;
            Interrupted(info);
            return ExitCode.Interrupted;
        }
        catch (TimeoutException)
        {
            CoreArrival.Check(await core.GetInfoAsync().ConfigureAwait(false));
            throw SharedOptions.TimedOut(network.Timeout);
        }
        finally
        {
            await found.CancelAsync().ConfigureAwait(false);
            await seeking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await network.LeaveAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Connects to the named peer, or to whoever announces the core, again and again until it is cancelled.</summary>
    private async Task SeekAsync(CoreNetwork network, CancellationToken cancelled)
    {
        TopicKey topic = new(_key.ToDiscoveryKey().Value);
        for (long request = 1; ; request++)
        {
            if (_peer is { } named)
            {
                network.Tell(new PeerProtocol.Connect(named));
            }
            else
            {
                network.Tell(new PeerProtocol.LookupTopic(new PeerRequestId(request), topic));
                foreach (PublicKey remote in (await network.NextAsync<PeerProtocol.TopicPeersFound>(cancelled).ConfigureAwait(false)).Peers)
                    network.Tell(new PeerProtocol.Connect(remote));
            }

            await Task.Delay(s_lookupEvery, cancelled).ConfigureAwait(false);
        }
    }
}
