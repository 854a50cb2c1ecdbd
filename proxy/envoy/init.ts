import type { DescMessage, MessageInitShape, MessageShape } from '@bufbuild/protobuf';

/** Fields of a message, before it is made: plain data that can be spread and extended. */
export type Init<Desc extends DescMessage> = Exclude<MessageInitShape<Desc>, MessageShape<Desc>>;
