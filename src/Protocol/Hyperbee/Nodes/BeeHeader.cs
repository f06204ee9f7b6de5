using Google.Protobuf;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hyperbee.Nodes.Messages;

namespace Hyper.Protocol.Hyperbee.Nodes;

/// <summary>Block 0 of the core: names the format and, if wanted, a core of bulk content.</summary>
public sealed record BeeHeader(Bytes32? ContentFeed = null, ReadOnlyMemory<byte>? UserData = null)
{
    private const string Protocol = "hyperbee";

    public byte[] Encode()
    {
        Header header = new() { Protocol = Protocol };
        if (ContentFeed is null && UserData is null)
            return header.ToByteArray();
        header.Metadata = new Header.Types.Metadata();
        if (ContentFeed is { } key)
            header.Metadata.ContentFeed = ByteString.CopyFrom(key.Span);
        if (UserData is { } data)
            header.Metadata.UserData = ByteString.CopyFrom(data.Span);
        return header.ToByteArray();
    }

    /// <summary>False when the block is not the header of a Hyperbee.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> block, out BeeHeader header)
    {
        header = new BeeHeader();
        try
        {
            Header read = Header.Parser.ParseFrom(block);
            if (read.Protocol != Protocol)
                return false;
            if (read.Metadata is not { } metadata)
                return true;
            header = new BeeHeader(
                metadata.HasContentFeed && metadata.ContentFeed.Length == Bytes32.Size ? new Bytes32(metadata.ContentFeed.Span) : null,
                metadata.HasUserData ? metadata.UserData.Memory : default(ReadOnlyMemory<byte>?));
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }
}
