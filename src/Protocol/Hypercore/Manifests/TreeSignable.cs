using System.Buffers.Binary;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.Hypercore.Manifests;

/// <summary>The bytes that a writer signs for a state of its core (reference 1.7).</summary>
public static class TreeSignable
{
    /// <summary>80 bytes, for compat cores.</summary>
    public static byte[] Compat(Bytes32 treeHash, long length, long fork)
    {
        byte[] bytes = new byte[80];
        CoreNamespace.Tree.CopyTo(bytes);
        WriteState(bytes.AsSpan(32), treeHash, length, fork);
        return bytes;
    }

    /// <summary>112 bytes; the context is the manifest hash, or for manifest version 0 the signer's namespace.</summary>
    public static byte[] WithContext(Bytes32 context, Bytes32 treeHash, long length, long fork)
    {
        byte[] bytes = new byte[112];
        CoreNamespace.Tree.CopyTo(bytes);
        context.CopyTo(bytes.AsSpan(32));
        WriteState(bytes.AsSpan(64), treeHash, length, fork);
        return bytes;
    }

    private static void WriteState(Span<byte> destination, Bytes32 treeHash, long length, long fork)
    {
        treeHash.CopyTo(destination);
        BinaryPrimitives.WriteInt64LittleEndian(destination[32..], length);
        BinaryPrimitives.WriteInt64LittleEndian(destination[40..], fork);
    }
}
