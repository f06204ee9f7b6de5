using System.Collections.Immutable;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc.Health;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.DhtRpc.Routing;

namespace Hyper.Protocol.DhtRpc;

/// <summary>What a lifecycle asks of the node.</summary>
internal abstract record LifecycleEffect
{
    /// <summary>Send a request and name it to <see cref="NodeLifecycle.Asked"/>.</summary>
    public sealed record Send(OutgoingRequest Request, bool IsQuickCheck) : LifecycleEffect;

    public sealed record Raise(DhtNodeEvent Event) : LifecycleEffect;
}

/// <summary>The life of a node: first walk, firewall check, becoming persistent, ticks, waking up.</summary>
internal sealed class NodeLifecycle
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SleepGap = 3 * Tick;

    /// <summary>20 minutes without an incident before an adaptive node becomes persistent, and an hour between checks.</summary>
    private const int StableTicks = 240, MoreStableTicks = 3 * StableTicks;

    /// <summary>A node that must be persistent looks again every minute.</summary>
    private const int ForcedTicks = 12;

    private readonly DhtNodeOptions _options;
    private readonly IEntropy _entropy;
    private readonly DhtNodeCounters _counters;
    private readonly NetworkHealth _health = new();
    private readonly Queue<LifecycleEffect> _effects = new();
    private RoutingSnapshot _nodes = RoutingSnapshot.Empty;
    private ImmutableArray<PeerAddress> _bootstrapNodes;
    private DhtNodeState? _raised;
    private DhtNodeState? _state;
    private Phase _phase;
    private RequestId? _quickCheck;
    private bool _isQuickCheckDue;
    private bool _isReachable;
    private int _stableTicks;
    private uint? _lastCheckedHost;
    private TimeSpan _lastTick;
    private TimeSpan? _nextTick;

    public NodeLifecycle(DhtNodeOptions options, IEntropy entropy, DhtNodeCounters counters)
    {
        _options = options;
        _entropy = entropy;
        _counters = counters;
        _bootstrapNodes = [.. options.BootstrapNodes.Select(node => node.Address).OfType<PeerAddress>()];
        _stableTicks = options.Persistence == DhtPersistence.Adaptive ? StableTicks : ForcedTicks;
        _isQuickCheckDue = options.IsFirewalled && options.HasQuickFirewallCheck && !IsForced;
        Assessment = new NetworkAssessment(options, new NodeId(entropy.Next32()));
    }

    private enum Phase
    {
        Idle,
        FirstWalk,
        Probing,
        SecondWalk,
        Bootstrapped,
    }

    public NetworkAssessment Assessment { get; }

    public bool IsSuspended { get; private set; }

    public bool IsBootstrapped => _phase == Phase.Bootstrapped;

    public TimeSpan? NextDeadline => _nextTick;

    /// <summary>The same object until something changes: it is looked at with every message.</summary>
    public DhtNodeState State => _state is { } state && IsCurrent(state) ? state : _state = NewState();

    private bool IsForced => _options.Persistence == DhtPersistence.Persistent;

    public bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out LifecycleEffect? effect) => _effects.TryDequeue(out effect);

    public void Start(ushort serverPort, TimeSpan now)
    {
        bool resumes = IsSuspended;
        IsSuspended = false;
        Assessment.ServerPort = serverPort;
        _lastTick = now;
        _nextTick = now + Tick * (1 - _entropy.NextDouble());
        if (resumes)
        {
            WakeUp();
            Raise(new DhtNodeEvent.Resumed());
            RaiseState();
        }

        if (_phase != Phase.Idle)
            return;
        _phase = Phase.FirstWalk;
        WantWalk();
    }

    /// <summary>False when the node rests already.</summary>
    public bool Suspend()
    {
        if (IsSuspended)
            return false;
        IsSuspended = true;
        _nextTick = null;
        Raise(new DhtNodeEvent.Suspended());
        RaiseState();
        return true;
    }

    public void HandleNodes(RoutingSnapshot nodes) => _nodes = nodes;

    public void HandleBootstrapNodes(ImmutableArray<PeerAddress> addresses) => _bootstrapNodes = addresses;

    public void HandleWalkFinished()
    {
        switch (_phase)
        {
            case Phase.FirstWalk when IsForced || _isReachable:
                Assess(onlyFirewall: !IsForced, Phase.Probing);
                break;
            case Phase.FirstWalk or Phase.SecondWalk:
                EndBootstrap();
                break;
        }
    }

    public void Asked(RequestId request, bool isQuickCheck)
    {
        if (isQuickCheck)
            _quickCheck = request;
        else
            Assessment.Asked(request);
    }

    public void HandleReply(RequestId request, ReceivedReply reply)
    {
        if (_isQuickCheckDue && reply.Error == DhtError.None && _phase == Phase.FirstWalk)
        {
            _isQuickCheckDue = false;
            _effects.Enqueue(new LifecycleEffect.Send(FirewallProbe.Ping(reply.From, Assessment.ServerPort), IsQuickCheck: true));
        }

        if (request == _quickCheck)
        {
            _isReachable = true;
            if (IsBootstrapped)
                Assess(onlyFirewall: true, Phase.Bootstrapped);
        }

        HandleEnded(request, reply);
        RaiseState();
    }

    public void HandleFailure(RequestId request) => HandleEnded(request, null);

    /// <summary>True when a tick passed.</summary>
    public bool HandleTimeout(TimeSpan now)
    {
        if (_nextTick is not { } due || now < due)
            return false;
        if (now - _lastTick > SleepGap)
            WakeUp();
        _lastTick = now;
        _nextTick = now - due > Tick ? now + Tick : due + Tick;
        if (IsBootstrapped)
            CheckPersistence();
        _health.Tick(_counters.RepliesReceived, _counters.Timeouts);
        RaiseState();
        return true;
    }

    public void RaiseState()
    {
        if (_phase == Phase.Idle)
            return;
        DhtNodeState state = State;
        if (state == _raised)
            return;
        _raised = state;
        Raise(new DhtNodeEvent.StateChanged(state));
    }

    private DhtNodeState NewState()
        => new(Assessment.TableId, Assessment.IsEphemeral, Assessment.IsFirewalled, IsBootstrapped, Assessment.Address,
            Assessment.ServerPort, _health.IsOnline, _health.IsDegraded)
        {
            IsSuspended = IsSuspended,
        };

    private bool IsCurrent(DhtNodeState state)
        => state.IsSuspended == IsSuspended
            && state.IsBootstrapped == IsBootstrapped
            && state.IsEphemeral == Assessment.IsEphemeral
            && state.IsFirewalled == Assessment.IsFirewalled
            && state.IsOnline == _health.IsOnline
            && state.IsDegraded == _health.IsDegraded
            && state.ServerPort == Assessment.ServerPort
            && state.ReflexiveAddress == Assessment.Address
            && state.TableId == Assessment.TableId;

    private void CheckPersistence()
    {
        if (_options.Persistence == DhtPersistence.Ephemeral || !Assessment.IsEphemeral || --_stableTicks > 0)
            return;
        _stableTicks = IsForced ? ForcedTicks : MoreStableTicks;
        if (!IsForced && _lastCheckedHost == Assessment.Address?.Host)
            return;
        _lastCheckedHost = Assessment.Address?.Host;
        Assess(onlyFirewall: false, Phase.Bootstrapped);
    }

    private void Assess(bool onlyFirewall, Phase whileProbing)
    {
        List<PeerAddress> nodes = [.. _nodes.Newest(FirewallProbe.NodeCount)];
        if (nodes.Count < FirewallProbe.NodeCount)
            nodes.AddRange(_bootstrapNodes.Where(node => !nodes.Contains(node)));
        bool isOpen = Assessment.Begin(onlyFirewall, nodes, out IReadOnlyList<OutgoingRequest> pings);
        foreach (OutgoingRequest ping in pings)
            _effects.Enqueue(new LifecycleEffect.Send(ping, IsQuickCheck: false));
        if (Assessment.IsProbing)
            _phase = whileProbing;
        else
            HandleVerdict(isOpen);
    }

    private void HandleEnded(RequestId request, ReceivedReply? reply)
    {
        if (Assessment.HandleEnded(request, reply) is { } isOpen)
            HandleVerdict(isOpen);
    }

    private void HandleVerdict(bool isOpen)
    {
        RaiseState();
        if (IsBootstrapped)
            return;
        if (isOpen)
        {
            _phase = Phase.SecondWalk;
            WantWalk();
        }
        else
        {
            EndBootstrap();
        }
    }

    private void EndBootstrap()
    {
        _phase = Phase.Bootstrapped;
        RaiseState();
    }

    private void WakeUp()
    {
        _stableTicks = IsForced ? ForcedTicks : MoreStableTicks;
        _lastCheckedHost = null;
        _health.Reset();
        if (_options.Persistence == DhtPersistence.Adaptive)
            Assessment.BecomeEphemeral();
        Raise(new DhtNodeEvent.WokeUp());
    }

    private void WantWalk() => Raise(new DhtNodeEvent.BackgroundQueryWanted(Assessment.TableId.Value));

    private void Raise(DhtNodeEvent happened) => _effects.Enqueue(new LifecycleEffect.Raise(happened));
}
