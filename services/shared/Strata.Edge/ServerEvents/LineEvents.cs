namespace Strata.Edge.ServerEvents;

/// <summary>Writes each line as a server-sent event. Ends of lines occur in JSON between messages only.</summary>
/// <param name="inner">Where events go.</param>
/// <param name="isStream">Whether what is written is a stream at all; else it goes on as it is.</param>
internal sealed class LineEvents(Stream inner, Func<bool> isStream) : Stream
{
    private static readonly ReadOnlyMemory<byte> Data = "data: "u8.ToArray();
    private static readonly ReadOnlyMemory<byte> End = "\n\n"u8.ToArray();

    private bool _inLine;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!isStream())
        {
            await inner.WriteAsync(buffer, cancellationToken);
            return;
        }

        while (!buffer.IsEmpty)
        {
            var end = buffer.Span.IndexOf((byte)'\n');
            var line = end < 0 ? buffer : buffer[..end];
            if (!_inLine && !line.IsEmpty)
            {
                await inner.WriteAsync(Data, cancellationToken);
                _inLine = true;
            }

            await inner.WriteAsync(line, cancellationToken);
            if (end >= 0 && _inLine)
            {
                await inner.WriteAsync(End, cancellationToken);
                _inLine = false;
            }

            buffer = end < 0 ? default : buffer[(end + 1)..];
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException("answers are written asynchronously");

    public override void Write(byte[] buffer, int offset, int count)
        => throw new NotSupportedException("answers are written asynchronously");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
