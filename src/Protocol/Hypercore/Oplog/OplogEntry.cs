using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Protocol.Hypercore.Oplog;

/// <summary>A change of one local key; no value means it is deleted.</summary>
public sealed record UserDataChange(string Key, ReadOnlyMemory<byte> Value);

/// <summary>A new state of the tree; a cut when the ancestors are fewer than the old length.</summary>
public sealed record TreeUpgrade(long Fork, long Ancestors, long Length, ReadOnlyMemory<byte> Signature);

/// <summary>A run of blocks that are stored from now on, or no longer.</summary>
public sealed record BitfieldChange(bool Drop, long Start, long Length)
{
    public bool Covers(long block) => block >= Start && block < Start + Length;
}

/// <summary>One committed change of a core (reference 2.3).</summary>
public sealed record OplogEntry(
    UserDataChange? UserData = null,
    IReadOnlyList<MerkleNode>? TreeNodes = null,
    TreeUpgrade? Upgrade = null,
    BitfieldChange? Bitfield = null)
{
    public void Encode(CompactWriter writer)
    {
        int flags = (UserData is null ? 0 : 1) | (TreeNodes is null ? 0 : 2) | (Upgrade is null ? 0 : 4) | (Bitfield is null ? 0 : 8);
        writer.UInt8((byte)flags);
        if (UserData is not null)
            writer.Text(UserData.Key).Buffer(UserData.Value.Span);
        if (TreeNodes is not null)
            MerkleNode.EncodeList(writer, TreeNodes);
        if (Upgrade is not null)
            writer.UInt((ulong)Upgrade.Fork).UInt((ulong)Upgrade.Ancestors).UInt((ulong)Upgrade.Length).Buffer(Upgrade.Signature.Span);
        if (Bitfield is not null)
            writer.UInt8(Bitfield.Drop ? (byte)1 : (byte)0).UInt((ulong)Bitfield.Start).UInt((ulong)Bitfield.Length);
    }

    public static bool TryDecode(ReadOnlySpan<byte> payload, out OplogEntry entry)
    {
        entry = new OplogEntry();
        CompactReader reader = new(payload);
        if (!reader.TryUInt(out ulong flags))
            return false;
        UserDataChange? userData = null;
        MerkleNode[]? nodes = null;
        TreeUpgrade? upgrade = null;
        BitfieldChange? bitfield = null;
        if ((flags & 1) != 0 && !TryUserData(ref reader, out userData))
            return false;
        if ((flags & 2) != 0 && !MerkleNode.TryDecodeList(ref reader, out nodes))
            return false;
        if ((flags & 4) != 0 && !TryUpgrade(ref reader, out upgrade))
            return false;
        if ((flags & 8) != 0 && !TryBitfield(ref reader, out bitfield))
            return false;
        entry = new OplogEntry(userData, nodes, upgrade, bitfield);
        return true;
    }

    internal static bool TryUserData(ref CompactReader reader, out UserDataChange? change)
    {
        bool read = reader.TryText(out string key) & reader.TryBuffer(out ReadOnlySpan<byte> value);
        change = new UserDataChange(key, value.ToArray());
        return read;
    }

    private static bool TryUpgrade(ref CompactReader reader, out TreeUpgrade? upgrade)
    {
        bool read = reader.TryUInt(out ulong fork) & reader.TryUInt(out ulong ancestors) & reader.TryUInt(out ulong length)
            & reader.TryBuffer(out ReadOnlySpan<byte> signature);
        upgrade = new TreeUpgrade((long)fork, (long)ancestors, (long)length, signature.ToArray());
        return read;
    }

    private static bool TryBitfield(ref CompactReader reader, out BitfieldChange? change)
    {
        bool read = reader.TryUInt(out ulong flags) & reader.TryUInt(out ulong start) & reader.TryUInt(out ulong length);
        change = new BitfieldChange((flags & 1) != 0, (long)start, (long)length);
        return read;
    }
}
