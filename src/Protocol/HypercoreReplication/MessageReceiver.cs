using Hyper.Protocol.HypercoreReplication.Messages;
using Hyper.Protocol.HypercoreReplication.Pushes;

namespace Hyper.Protocol.HypercoreReplication;

/// <summary>Gives each message of the peer to whoever it is for.</summary>
internal sealed class MessageReceiver(
    RemotePeer remote, Uploader uploader, Downloader downloader, Unsolicited unsolicited, ExtensionNames extensions,
    Action<ReplicationEffect> emit)
{
    /// <summary>Any message but a sync.</summary>
    public void Handle(ReplicationMessage message, LocalCore core, bool takesPushes, TimeSpan now)
    {
        switch (message)
        {
            case RequestMessage or CancelMessage or WantMessage or UnwantMessage:
                uploader.Handle(message, core);
                break;
            case DataMessage { Request: 0 } data:
                unsolicited.Handle(data.Proof, core, takesPushes);
                break;
            case DataMessage or NoDataMessage:
                downloader.Handle(message, now);
                break;
            case BitfieldMessage or RangeMessage:
                remote.Update(message);
                break;
            case ExtensionMessage extension:
                emit(new ReplicationEffect.Extension(extensions.NameOf(extension), extension.Payload));
                break;
        }
    }
}
