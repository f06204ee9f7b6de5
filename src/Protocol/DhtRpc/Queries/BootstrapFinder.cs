using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.DhtRpc.Queries;

/// <summary>What a search for bootstrap nodes asks for.</summary>
public abstract record BootstrapEffect
{
    private BootstrapEffect()
    {
    }

    /// <summary>Ping an address, and report the outcome under the number of the node.</summary>
    public sealed record Ping(int Node, PeerAddress Address) : BootstrapEffect;

    /// <summary>Look up the address of a host, and report it, or that there is none.</summary>
    public sealed record LookUp(string Name) : BootstrapEffect;
}

/// <summary>Where the bootstrap nodes are: at their addresses, or where those do not answer, at what their names stand for.</summary>
/// <remarks>Upstream asks one after the other before every walk with too few nodes; here all are asked at once, and not before every walk.</remarks>
public sealed class BootstrapFinder
{
    private static readonly TimeSpan SearchAgainAfter = TimeSpan.FromMinutes(1);

    /// <summary>Longer than resolvers usually try, and shorter than the time to the next search.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ImmutableArray<BootstrapNode> _nodes;
    private readonly PeerAddress?[] _addresses;
    private readonly HashSet<int> _asked = [];
    private readonly Queue<BootstrapEffect> _effects = new();
    private TimeSpan? _lastSearch;
    private bool _isOver;

    public BootstrapFinder(ImmutableArray<BootstrapNode> nodes)
    {
        _nodes = nodes;
        _addresses = [.. nodes.Select(node => node.Address)];
        Addresses = Known();
    }

    /// <summary>Where the nodes are, as far as is known.</summary>
    public ImmutableArray<PeerAddress> Addresses { get; private set; }

    /// <summary>Nobody has answered yet, but somebody may, at an address that is not known.</summary>
    public bool IsSearching => _asked.Count > 0 && !_isOver;

    /// <summary>When a search is given up that hears nothing, neither of a node nor of its name.</summary>
    public TimeSpan? NextDeadline => IsSearching ? _lastSearch + Patience : null;

    public bool TryTake([NotNullWhen(true)] out BootstrapEffect? effect) => _effects.TryDequeue(out effect);

    /// <summary>False where that was done lately, or there is no name to look a node up by.</summary>
    public bool MaySearch(TimeSpan now)
        => !(now - _lastSearch < SearchAgainAfter) && _nodes.Any(node => node.Name is not null);

    /// <summary>Looks whether the nodes are still there, where it <see cref="MaySearch"/>.</summary>
    public void Search(TimeSpan now)
    {
        if (!MaySearch(now))
            return;
        (_lastSearch, _isOver) = (now, false);
        for (int node = 0; node < _nodes.Length; node++)
        {
            _asked.Add(node);
            if (_addresses[node] is { } address)
                _effects.Enqueue(new BootstrapEffect.Ping(node, address));
            else
                LookUp(node);
        }
    }

    /// <summary>What is heard after the deadline still counts.</summary>
    public void HandleTimeout(TimeSpan now) => _isOver |= now >= NextDeadline;

    /// <summary>After a rest the nodes may have to be found anew.</summary>
    public void HandleResumed() => _lastSearch = null;

    public void HandleAnswer(int node) => _isOver |= _asked.Remove(node);

    /// <summary>Nobody has answered at the address of the node.</summary>
    public void HandleSilence(int node)
    {
        if (_nodes[node].Name is null)
            _asked.Remove(node);
        else
            LookUp(node);
    }

    /// <summary>The ping was withdrawn: the node stays where it was believed to be.</summary>
    public void HandleCancelled(int node) => _asked.Remove(node);

    /// <param name="name">That was looked up.</param>
    /// <param name="host">The address, if there is one.</param>
    public void HandleHost(string name, uint? host)
    {
        for (int node = 0; node < _nodes.Length; node++)
        {
            if (_nodes[node].Name != name || !_asked.Remove(node))
                continue;
            if (host is { } found)
                _addresses[node] = new PeerAddress(found, _nodes[node].Port);
        }

        Addresses = Known();
    }

    private void LookUp(int node) => _effects.Enqueue(new BootstrapEffect.LookUp(_nodes[node].Name!));

    private ImmutableArray<PeerAddress> Known() => [.. _addresses.OfType<PeerAddress>().Distinct()];
}
