using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.ServiceDefaults.Forgetting;

/// <summary>How users are named where their ids must not stand, and how long it is remembered that they were forgotten.</summary>
public sealed class UsersOptions
{
    /// <summary>Section of these settings.</summary>
    public const string SectionName = "Users";

    /// <summary>
    /// File of secret keys, a line each: a name, a blank, and at least 32 bytes in base64. The first is used, the others still count; read
    /// again when it changes. The same for every process. Empty: nobody can be forgotten, except on the embedded broker, where a process
    /// has a key of its own.
    /// </summary>
    /// <value>The default is empty.</value>
    public string KeysFile { get; set; } = string.Empty;

    /// <summary>
    /// How long it is remembered, by keyed hash, that a user was forgotten: at least as long as any record of before may be read again.
    /// Dead letters are kept longest, 30 days.
    /// </summary>
    /// <value>The default is 35 days.</value>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00")]
    public TimeSpan MarkLifetime { get; set; } = TimeSpan.FromDays(35);
}

[OptionsValidator]
internal sealed partial class UsersOptionsValidator : IValidateOptions<UsersOptions>;
