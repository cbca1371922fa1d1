using System.Buffers;
using Microsoft.AspNetCore.Http;
using Strata.Edge.Calls.Core;

namespace Strata.Edge.Calls;

/// <summary>A request's body, unpacked.</summary>
/// <param name="Bytes">All of it; empty when it could not be read.</param>
/// <param name="HttpStatus">200, or what the call ends with: 413 for a body above the limit, or the server's own status.</param>
/// <param name="Fault">Why it could not be read, in words; null when it was.</param>
internal readonly record struct BodyText(byte[] Bytes, int HttpStatus, string? Fault)
{
    /// <summary>Reads a body behind the server's decompression, up to a limit of what is inside.</summary>
    public static async Task<BodyText> ReadAsync(HttpRequest request, int limit)
    {
        // What decompression knows it has taken off the headers.
        var packed = request.Headers.ContentEncoding.ToString();
        if (packed.Length > 0 && !packed.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return Unread($"{FieldText.Quote(packed)} is not taken: send the body as it is, or by one of gzip, br and deflate");
        }

        try
        {
            return request.ContentLength <= limit || request.ContentLength is null
                ? await ReadAllAsync(request, limit)
                : TooLarge(limit);
        }
        catch (Exception fault) when (fault is InvalidDataException or InvalidOperationException)
        {
            return Unread("says how the body is packed, and it is not packed so: send it as it is, or pack all of it");
        }
        catch (BadHttpRequestException fault)
        {
            return new BodyText([], fault.StatusCode, $"The body could not be read: {fault.Message}");
        }
    }

    private static async Task<BodyText> ReadAllAsync(HttpRequest request, int limit)
    {
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted);
            if (read.Buffer.Length > limit)
            {
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return TooLarge(limit);
            }

            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return new BodyText(bytes, StatusCodes.Status200OK, null);
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static BodyText Unread(string fault) => new([], StatusCodes.Status200OK, fault);

    private static BodyText TooLarge(int limit)
        => new([], StatusCodes.Status413PayloadTooLarge, UnreadMessages.Refusal(limit));
}
