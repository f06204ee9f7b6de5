using Hyper.Protocol.HypercoreReplication.Messages;
using Hyper.Protocol.HypercoreReplication.Pushes;
using Hyper.Protocol.HypercoreReplication.Statistics;

namespace Hyper.Protocol.HypercoreReplication;

/// <summary>Gives each message of the peer to whoever it is for.</summary>
internal sealed class MessageReceiver(
    RemotePeer remote, Uploader uploader, Downloader downloader, Unsolicited unsolicited, ExtensionNames extensions,
    ReplicationCounters counters, Action<SyncMessage> handleSync, Action<ReplicationEffect> emit)
{
    public void Handle(ReplicationMessage message, LocalCore core, bool takesPushes, TimeSpan now)
    {
        counters.CountReceived(message);
        switch (message)
        {
            case SyncMessage sync:
                handleSync(sync);
                break;
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
