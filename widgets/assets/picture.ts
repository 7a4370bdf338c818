export { domToBlob } from "modern-screenshot";
