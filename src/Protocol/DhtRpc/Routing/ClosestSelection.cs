using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Messages;

namespace Hyper.Protocol.DhtRpc.Routing;

/// <summary>What a search reads of a node: the first bits of its id, as a number that orders as they do, and its address.</summary>
internal readonly record struct Candidate(ulong Prefix, PeerAddress Address)
{
    public static ulong PrefixOf(in Bytes32 id) => BinaryPrimitives.ReadUInt64BigEndian(id.Span);
}

/// <summary>Picks the nodes nearest to a target; compares the first bits of the distance, and all of it when those are equal.</summary>
/// <remarks>A node answers with such a choice thousands of times a second: all of it lies on the stack.</remarks>
internal ref struct ClosestSelection(Bytes32 target, int capacity)
{
    private readonly int _capacity = Math.Min(capacity, RoutingSnapshot.ClosestCount);
    private readonly ulong _targetPrefix = Candidate.PrefixOf(in target);
    private Picked _picked;
    private int _count;

    public readonly bool IsFull => _count == _capacity;

    public void Offer(ReadOnlySpan<Candidate> candidates)
    {
        foreach (Candidate candidate in candidates)
            Offer(candidate);
    }

    public void Offer(Candidate candidate)
    {
        if (_capacity == 0)
            return;
        Candidate offered = candidate with { Prefix = candidate.Prefix ^ _targetPrefix };
        Span<Candidate> picked = _picked;
        if (IsFull && !IsNearer(offered, picked[_count - 1]))
            return;
        int place = IsFull ? _count - 1 : _count++;
        for (; place > 0 && IsNearer(offered, picked[place - 1]); place--)
            picked[place] = picked[place - 1];
        picked[place] = offered;
    }

    /// <summary>Nearest first.</summary>
    public readonly PeerAddress[] ToAddresses()
    {
        ReadOnlySpan<Candidate> picked = _picked;
        PeerAddress[] addresses = new PeerAddress[_count];
        for (int index = 0; index < addresses.Length; index++)
            addresses[index] = picked[index].Address;
        return addresses;
    }

    // The prefixes are those of the distances here.
    private readonly bool IsNearer(in Candidate left, in Candidate right)
        => left.Prefix != right.Prefix
            ? left.Prefix < right.Prefix
            : NodeId.Of(left.Address).DistanceTo(target) < NodeId.Of(right.Address).DistanceTo(target);

    [InlineArray(RoutingSnapshot.ClosestCount)]
    private struct Picked
    {
        private Candidate _first;
    }
}
