namespace Hyper.Protocol.Protomux;

/// <summary>Protocol and id compared by content.</summary>
internal readonly record struct ChannelName(string Protocol, ReadOnlyMemory<byte> Id)
{
    public bool Equals(ChannelName other) => Protocol == other.Protocol && Id.Span.SequenceEqual(other.Id.Span);

    // Only spreads names over buckets of tables that are never enumerated.
    public override int GetHashCode()
    {
        int hash = Protocol.GetHashCode(StringComparison.Ordinal);
        foreach (byte one in Id.Span[..Math.Min(8, Id.Length)])
            hash = (hash * 31) + one;
        return hash;
    }
}
